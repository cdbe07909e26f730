import { useState } from 'react'
import { formatKopecks } from '../../../../shared/numbers.ts'
import { kopecksOf, typeAmount } from '../../amountInput.ts'
import { OUR_FIELD, useKeys } from '../../keyboard.ts'
import { useScreen, useTexts } from '../../screen.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Keypad } from '../../ui/Keypad.tsx'
import './voucher.css'

/** What the goods cost that a voucher gives: 1C has not said what is bought. */
export function PriceEntry({ purchaseKopecks, onClose }: { purchaseKopecks: number; onClose: () => void }) {
  const screen = useScreen()
  const texts = useTexts()
  const { voucher: words } = texts
  const [text, setText] = useState('')
  const itemKopecks = kopecksOf(text)
  const isTooLarge = itemKopecks > purchaseKopecks
  const isGood = itemKopecks > 0 && !isTooLarge
  const type = (character: string) => setText((before) => typeAmount(before, character))
  const backspace = () => setText((before) => before.slice(0, -1))
  async function done(): Promise<void> {
    if (!isGood) return
    onClose()
    await screen.ask((api) => api.priceVoucherItem({ purchaseKopecks, itemKopecks }))
  }
  useKeys({ type, backspace, enter: done, escape: onClose })
  return (
    <Dialog title={words.price}>
      <input
        {...OUR_FIELD}
        className="voucher-field num"
        inputMode="none"
        autoComplete="off"
        aria-label={words.price}
        aria-describedby="price-message"
        aria-invalid={isTooLarge}
        value={text}
        placeholder={`0${texts.decimal}00`}
        onChange={({ target }) => setText([...target.value].reduce(typeAmount, ''))}
      />
      <p id="price-message" className={isTooLarge ? 'bad' : 'soft'} aria-live="polite">
        {isTooLarge ? words.priceTooLarge(formatKopecks(purchaseKopecks, texts.decimal)) : words.priceHint}
      </p>
      <Keypad corner="comma" onType={type} onBackspace={backspace} />
      <div className="buttons">
        <button type="button" className="button main" disabled={!isGood} onClick={done}>
          {texts.common.done}
          <kbd>Enter</kbd>
        </button>
        <button type="button" className="button" onClick={onClose}>
          {texts.common.cancel}
          <kbd>Esc</kbd>
        </button>
      </div>
    </Dialog>
  )
}
