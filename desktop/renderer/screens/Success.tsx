import type { Success } from '../../../shared/bridge.ts'
import { formatKopecks } from '../../../shared/numbers.ts'
import { useKeys } from '../keyboard.ts'
import { useScreen, useTexts } from '../screen.ts'
import type { Texts } from '../texts.ts'
import { titleOfSuccess } from '../titles.ts'
import { Icon } from '../ui/Icon.tsx'
import { Lines } from '../ui/Lines.tsx'
import './stage.css'

/** Only when it is true; the numbers of the ledger take the place of the preview when they come. */
export function Succeeded({ act }: { act: Success }) {
  const screen = useScreen()
  const texts = useTexts()
  const next = () => screen.ask((api) => api.cancel({}))
  useKeys({ enter: next, escape: next })
  return (
    <div className="stage">
      <div className={act.isQueued ? 'verdict waiting' : 'verdict good'}>
        <Icon name={act.isQueued ? 'clock' : 'check'} />
      </div>
      <h1 className="num">{titleOfSuccess(act, texts)}</h1>
      {act.isQueued && <p className="stage-hint">{texts.success.queuedHint}</p>}
      <Lines rows={linesOf(act, texts)} />
      <div className="buttons">
        <button type="button" className="button main tall passing" onClick={next}>
          {texts.success.next}
          <kbd>Enter</kbd>
        </button>
      </div>
    </div>
  )
}

function linesOf(act: Success, texts: Texts): [string, string | null][] {
  const { success, points } = texts
  const { kind, isQueued, isSure, paidKopecks, purchaseKopecks, refundKopecks } = act
  const { spent, earned, repaid, debt, available, firstName, voucher, voucherAfter } = act
  const money = (kopecks: number) => formatKopecks(kopecks, texts.decimal)
  const some = (count: number) => (count > 0 ? points(count) : null)
  const balance: [string, string] = [
    success.balance(firstName),
    available === null ? success.balanceLater : points(available),
  ]
  if (kind === 'refund')
    return [
      [success.purchase, money(purchaseKopecks)],
      [success.returnedMoney, refundKopecks === undefined ? null : money(refundKopecks)],
      [success.givenBack, some(-spent)],
      [success.voucher, voucherAfter ? success.voucherAfter[voucherAfter] : null],
      [success.taken, some(-earned)],
      [success.repaid, some(repaid)],
      [success.debtLeft, some(debt)],
      balance,
    ]
  return [
    [success.toPay, money(paidKopecks)],
    [success.voucher, voucher ? (voucher.kopecks > 0 ? money(voucher.kopecks) : voucher.title) : null],
    [success.spent, some(spent)],
    [isQueued ? success.willEarn : success.earned, isSure === false ? success.upTo(earned) : points(earned)],
    [success.repaid, some(repaid)],
    [success.debtLeft, some(debt)],
    balance,
  ]
}
