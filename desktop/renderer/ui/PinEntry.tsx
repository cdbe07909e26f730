import { useState } from 'react'
import { OUR_FIELD, useKeys } from '../keyboard.ts'
import { useTexts } from '../screen.ts'
import { Keypad } from './Keypad.tsx'
import './pinEntry.css'

const LONGEST = 8

interface PinEntryProps {
  label: string
  /** Whether it was the right one; then this is over. */
  onPin: (pin: string) => Promise<boolean>
  onCancel: () => void
}

/** Asks for the PIN of the register. */
export function PinEntry({ label, onPin, onCancel }: PinEntryProps) {
  const { settings } = useTexts()
  const [pin, setPin] = useState('')
  const [isAsking, setAsking] = useState(false)
  const isTooEarly = pin.length < 4 || isAsking
  const type = (character: string) =>
    setPin((before) => (/^\d$/.test(character) && before.length < LONGEST ? before + character : before))
  const backspace = () => setPin((before) => before.slice(0, -1))
  async function open(): Promise<void> {
    if (isTooEarly) return
    // Emptied at once: what is typed while the answer is awaited is the next attempt, and stays until it can be made.
    setPin('')
    setAsking(true)
    if (!(await onPin(pin))) setAsking(false)
  }
  useKeys({ type, backspace, enter: open, escape: onCancel })
  return (
    <div className="lock">
      <label htmlFor="pin">{label}</label>
      <input
        {...OUR_FIELD}
        id="pin"
        type="password"
        inputMode="none"
        autoComplete="off"
        value={pin}
        onChange={({ target }) => setPin(target.value.replace(/\D/g, '').slice(0, LONGEST))}
      />
      <Keypad corner="clear" onType={type} onBackspace={backspace} onClear={() => setPin('')} />
      <button type="button" className="button main wide tall" disabled={isTooEarly} onClick={open}>
        {settings.pinOpen}
        <kbd>Enter</kbd>
      </button>
    </div>
  )
}
