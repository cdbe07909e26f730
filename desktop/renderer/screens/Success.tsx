import type { Success } from '../../../shared/bridge.ts'
import { formatKopecks } from '../../../shared/numbers.ts'
import { useKeys } from '../keyboard.ts'
import { useScreen, useTexts } from '../screen.ts'
import { titleOfSuccess } from '../titles.ts'
import { Icon } from '../ui/Icon.tsx'
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
      <Lines act={act} />
      <div className="buttons">
        <button type="button" className="button main tall passing" onClick={next}>
          {texts.success.next}
          <kbd>Enter</kbd>
        </button>
      </div>
    </div>
  )
}

function Lines({ act }: { act: Success }) {
  const texts = useTexts()
  const { success, points } = texts
  const { kind, isQueued, paidKopecks, purchaseKopecks, spent, earned, repaid, debt, available, firstName } =
    act
  const { refundKopecks, voucher, voucherAfter } = act
  const money = (kopecks: number) => formatKopecks(kopecks, texts.decimal)
  const isRefund = kind === 'refund'
  const lines: [string, string][] = [
    isRefund ? [success.purchase, money(purchaseKopecks)] : [success.toPay, money(paidKopecks)],
    ...(refundKopecks === undefined
      ? []
      : [[success.returnedMoney, money(refundKopecks)] as [string, string]]),
    ...(isRefund && spent < 0 ? [[success.givenBack, points(-spent)] as [string, string]] : []),
    ...(voucherAfter ? [[success.voucher, success.voucherAfter[voucherAfter]] as [string, string]] : []),
    ...(isRefund && earned < 0 ? [[success.taken, points(-earned)] as [string, string]] : []),
    ...(voucher && !isRefund
      ? [[success.voucher, voucher.kopecks > 0 ? money(voucher.kopecks) : voucher.title] as [string, string]]
      : []),
    ...(spent > 0 && !isRefund ? [[success.spent, points(spent)] as [string, string]] : []),
    ...(isRefund
      ? []
      : [
          [
            isQueued ? success.willEarn : success.earned,
            act.isSure === false ? success.upTo(earned) : points(earned),
          ] as [string, string],
        ]),
    ...(repaid > 0 ? [[success.repaid, points(repaid)] as [string, string]] : []),
    ...(debt > 0 ? [[success.debtLeft, points(debt)] as [string, string]] : []),
    [success.balance(firstName), available === null ? success.balanceLater : points(available)],
  ]
  return (
    <dl className="lines num">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
