import { useState } from 'react'
import { formatKopecks, formatWhole } from '../../../shared/numbers.ts'
import { kopecksOf, typeAmount } from '../amountInput.ts'
import { OUR_FIELD, useKeys } from '../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
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
  const [text, setText] = useState('')
  const [isPinAsked, setPinAsked] = useState(false)
  const purchaseKopecks = kopecksOf(text)
  const isTooLarge = purchaseKopecks > most
  const isGood = purchaseKopecks > 0 && !isTooLarge

  const type = (character: string) => setText((before) => typeAmount(before, character))
  const backspace = () => setText((before) => before.slice(0, -1))
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
    type,
    backspace,
    enter: confirm,
    f7: door?.keys.f7,
    escape: () => (text === '' ? onCancel() : setText('')),
  })

  const [rubles = '', kopecks] = text.split(',')
  const shown = formatWhole(Number(rubles)) + (kopecks === undefined ? '' : texts.decimal + kopecks)
  if (isPinAsked) {
    const sum = formatKopecks(purchaseKopecks, texts.decimal)
    return (
      <div className="column">
        <PinEntry label={texts.amount.pinAsk(sum)} onPin={give} onCancel={() => setPinAsked(false)} />
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
            value={text === '' ? '' : shown}
            placeholder={`0${texts.decimal}00`}
            onChange={({ target }) =>
              setText([...target.value].reduce((before, character) => typeAmount(before, character), ''))
            }
          />
          <span aria-hidden="true">₽</span>
        </div>
        <p id="amount-message" className={isTooLarge ? 'bad' : 'soft'} aria-live="polite">
          {isTooLarge
            ? texts.amount.tooLarge(formatKopecks(most, texts.decimal))
            : text === ''
              ? texts.amount[is1cAway ? 'typeOnly' : 'orType']
              : purchaseKopecks > limit
                ? texts.amount.needsPin(formatKopecks(limit, texts.decimal))
                : texts.amount.earnOnly}
        </p>
      </section>
      <Keypad corner="comma" onType={type} onBackspace={backspace} />
      <button type="button" className="button main wide tall" disabled={!isGood} onClick={confirm}>
        {texts.amount.confirm}
        <kbd>Enter</kbd>
      </button>
    </div>
  )
}
