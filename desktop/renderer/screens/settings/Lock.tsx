import { useState } from 'react'
import { OUR_FIELD, useKeys } from '../../keyboard.ts'
import { useScreen, useTexts } from '../../screen.ts'
import { Keypad } from '../../ui/Keypad.tsx'

const LONGEST = 8

/** Saving nothing tells whether the PIN is right. */
export function Lock({ onOpen }: { onOpen: (pin: string) => void }) {
  const screen = useScreen()
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
    const reply = await screen.ask((api) => api.saveSettings({ pin }))
    if (reply?.ok) onOpen(pin)
    else setAsking(false)
  }
  useKeys({ type, backspace, enter: open, escape: () => screen.show('none') })
  return (
    <div className="lock">
      <label htmlFor="pin">{settings.pinAsk}</label>
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
