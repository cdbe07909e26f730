import { useState } from 'react'
import { formatKopecks } from '../../../shared/numbers.ts'
import { OUR_FIELD, useKeys } from '../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { useTypedSum } from '../typedSum.ts'
import { Keypad } from '../ui/Keypad.tsx'
import { PinEntry } from '../ui/PinEntry.tsx'
import type { VoucherDoor } from './voucher/door.ts'
import './amountEntry.css'

interface AmountEntryProps {
  door?: VoucherDoor
  onDone?: () => void
  onCancel: () => void
}

/** The sum typed by hand: for a shop whose 1C is away, and for earning only. */
export function AmountEntry({ door, onDone, onCancel }: AmountEntryProps) {
  const screen = useScreen()
  const texts = useTexts()
  const most = useSnapshot(({ programme }) => programme.max_purchase_kopecks)
  const is1cAway = useSnapshot(({ exchange }) => exchange.state === 'away' || exchange.state === 'alert')
  const limit = useSnapshot(({ programme }) => programme.typed_limit_kopecks)
  const hasPin = useSnapshot(({ settings }) => settings.hasPin)
  const { kopecks: purchaseKopecks, ...sum } = useTypedSum()
  const [isPinAsked, setPinAsked] = useState(false)
  const isTooLarge = purchaseKopecks > most
  const isGood = purchaseKopecks > 0 && !isTooLarge

  async function give(pin?: string): Promise<boolean> {
    const reply = await screen.ask((api) => api.typeAmount({ purchaseKopecks, ...(pin && { pin }) }))
    if (reply?.ok) onDone?.()
    return reply?.ok === true
  }
  async function confirm(): Promise<void> {
    if (!isGood) return
    if (purchaseKopecks > limit && hasPin) setPinAsked(true)
    else await give()
  }
  useKeys({
    type: sum.type,
    backspace: sum.backspace,
    enter: confirm,
    f7: door?.keys.f7,
    escape: () => (sum.isEmpty ? onCancel() : sum.clear()),
  })

  if (isPinAsked) {
    const asked = formatKopecks(purchaseKopecks, texts.decimal)
    return (
      <div className="column">
        <PinEntry label={texts.amount.pinAsk(asked)} onPin={give} onCancel={() => setPinAsked(false)} />
      </div>
    )
  }
  return (
    <div className="column">
      <section className="card amount-entry">
        <label className="label" htmlFor="amount">
          {texts.amount.title}
        </label>
        <div className="amount-field num">
          <input
            {...OUR_FIELD}
            id="amount"
            inputMode="none"
            autoComplete="off"
            aria-describedby="amount-message"
            aria-invalid={isTooLarge}
            value={sum.shown}
            placeholder={sum.placeholder}
            onChange={({ target }) => sum.replace(target.value)}
          />
          <span aria-hidden="true">₽</span>
        </div>
        <p id="amount-message" className={isTooLarge ? 'bad' : 'soft'} aria-live="polite">
          {isTooLarge
            ? texts.amount.tooLarge(formatKopecks(most, texts.decimal))
            : sum.isEmpty
              ? texts.amount[is1cAway ? 'typeOnly' : 'orType']
              : purchaseKopecks > limit
                ? texts.amount.needsPin(formatKopecks(limit, texts.decimal))
                : texts.amount.earnOnly}
        </p>
      </section>
      <Keypad corner="comma" onType={sum.type} onBackspace={sum.backspace} />
      <button type="button" className="button main wide tall" disabled={!isGood} onClick={confirm}>
        {texts.amount.confirm}
        <kbd>Enter</kbd>
      </button>
    </div>
  )
}
