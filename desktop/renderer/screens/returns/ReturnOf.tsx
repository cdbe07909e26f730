import { useEffect, useRef, useState } from 'react'
import type { FoundPurchase, Returned } from '../../../../shared/bridge.ts'
import { formatKopecks } from '../../../../shared/numbers.ts'
import { OUR_FIELD, useKeys } from '../../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import type { Texts } from '../../texts.ts'
import { useTypedSum } from '../../typedSum.ts'
import { Choice } from '../../ui/Choice.tsx'
import { Keypad } from '../../ui/Keypad.tsx'
import { Lines } from '../../ui/Lines.tsx'
import { Note } from '../../ui/Note.tsx'
import { PinEntry } from '../../ui/PinEntry.tsx'
import { PurchaseFacts } from './FoundList.tsx'

interface ReturnOfProps {
  purchase: FoundPurchase
  /** The cloud has not answered: it will be told later. */
  isQueued: boolean
  onBack: () => void
}

/** The whole, or a sum of it; what comes back and what is taken is there before anything is done. */
export function ReturnOf({ purchase, isQueued, onBack }: ReturnOfProps) {
  const screen = useScreen()
  const texts = useTexts()
  const { returns } = texts
  const days = useSnapshot(({ programme }) => programme.return_days)
  const hasPin = useSnapshot(({ settings }) => settings.hasPin)
  const [extent, setExtent] = useState<'whole' | 'part'>('whole')
  const sum = useTypedSum()
  const [isPinAsked, setPinAsked] = useState(false)
  const { id, whole, isLate, refundedKopecks } = purchase
  const most = whole?.kopecks ?? 0
  const partly = usePreview(id, extent === 'part' && sum.kopecks <= most ? sum.kopecks : 0)
  const shown = extent === 'whole' ? whole : partly

  async function giveBack(pin?: string): Promise<boolean> {
    if (!shown) return false
    const part = extent === 'part' ? { refundKopecks: shown.kopecks } : {}
    const reply = await screen.ask((api) =>
      api.returnPurchase({ operationId: id, ...part, ...(pin && { pin }) }),
    )
    return reply?.ok === true
  }
  function confirm(): void {
    if (!shown) return
    if (isLate && hasPin) setPinAsked(true)
    else void giveBack()
  }
  const { type, backspace } = sum
  useKeys({ ...(extent === 'part' && { type, backspace }), enter: confirm, escape: onBack })

  if (isPinAsked)
    return <PinEntry label={returns.pinAsk} onPin={giveBack} onCancel={() => setPinAsked(false)} />
  const money = (kopecks: number) => formatKopecks(kopecks, texts.decimal)
  return (
    <>
      <div className="returns-search">
        <PurchaseFacts purchase={purchase} />
        {most > 0 && (
          <Choice
            label={returns.what}
            value={extent}
            options={[
              ['whole', refundedKopecks > 0 ? returns.rest(money(most)) : returns.whole(money(most))],
              ['part', returns.part],
            ]}
            onChange={setExtent}
          />
        )}
        {extent === 'part' && (
          <>
            <SumField sum={sum} mostKopecks={most} />
            <Keypad corner="comma" onType={type} onBackspace={backspace} />
          </>
        )}
      </div>
      <div className="returns-found">
        {isQueued && <Note tone="warn">{returns.registerOnly}</Note>}
        {isLate && <Note tone="warn">{returns.late(days)}</Note>}
        <Effect returned={shown} wasSpent={purchase.spent > 0} />
        <div className="buttons">
          <button type="button" className="button main tall" disabled={!shown} onClick={confirm}>
            {returns.confirm}
            <kbd>Enter</kbd>
          </button>
          <button type="button" className="button tall" onClick={onBack}>
            {returns.back}
            <kbd>Esc</kbd>
          </button>
        </div>
      </div>
    </>
  )
}

/** What returning so much would do, as the register says; null until it has. */
function usePreview(operationId: string, refundKopecks: number): Returned | null {
  const screen = useScreen()
  const [preview, setPreview] = useState<Returned | null>(null)
  useEffect(() => {
    let isCurrent = refundKopecks > 0
    if (isCurrent)
      screen
        .peek((api) => api.previewReturn({ operationId, refundKopecks }))
        .then((reply) => isCurrent && setPreview(reply?.ok ? reply.value : null))
    return () => {
      isCurrent = false
    }
  }, [screen, operationId, refundKopecks])
  return preview?.kopecks === refundKopecks ? preview : null
}

/** What it does; as long as nobody knows, a dash. */
function Effect({ returned, wasSpent }: { returned: Returned | null; wasSpent: boolean }) {
  const texts = useTexts()
  const { returns, points } = texts
  const nothing = '–'
  return (
    <>
      <Lines
        isLive
        rows={[
          [returns.money, returned ? formatKopecks(returned.kopecks, texts.decimal) : nothing],
          [returns.givenBack, wasSpent ? (returned ? points(returned.givenBack) : nothing) : null],
          [returns.taken, returned ? takenOf(returned, texts) : nothing],
          [returns.voucher, returned?.voucherAfter ? returns.voucherAfter[returned.voucherAfter] : null],
        ]}
      />
      <p className="soft">{texts.recent.confirmMoney}</p>
      {returned?.taken !== 0 && <p className="soft">{returns.debtHint}</p>}
    </>
  )
}

const takenOf = ({ taken }: Returned, { returns, points }: Texts) =>
  taken === null ? returns.takenUnknown : points(taken)

function SumField({ sum, mostKopecks }: { sum: ReturnType<typeof useTypedSum>; mostKopecks: number }) {
  const texts = useTexts()
  const field = useRef<HTMLInputElement>(null)
  // A purchase that was chosen by keyboard is followed by typing, and Enter then means the return.
  useEffect(() => field.current?.focus(), [])
  const isTooLarge = sum.kopecks > mostKopecks
  const most = formatKopecks(mostKopecks, texts.decimal)
  return (
    <div className="field">
      <label htmlFor="returned-sum">{texts.returns.sum}</label>
      <input
        {...OUR_FIELD}
        ref={field}
        id="returned-sum"
        className="num returns-code"
        inputMode="none"
        autoComplete="off"
        aria-describedby="returned-sum-hint"
        aria-invalid={isTooLarge}
        value={sum.shown}
        placeholder={sum.placeholder}
        onChange={({ target }) => sum.replace(target.value)}
      />
      <p id="returned-sum-hint" className={isTooLarge ? 'field-hint bad' : 'field-hint'} aria-live="polite">
        {isTooLarge ? texts.amount.tooLarge(most) : texts.returns.sumHint(most)}
      </p>
    </div>
  )
}
