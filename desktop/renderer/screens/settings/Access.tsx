import { useState } from 'react'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { Field } from '../../ui/Field.tsx'

/** The PIN that was given to open the settings is the old one. */
export function Access({ pin, onPin }: { pin: string | undefined; onPin: (pin: string) => void }) {
  const screen = useScreen()
  const { settings } = useTexts()
  const hasPin = useSnapshot((snapshot) => snapshot.settings.hasPin)
  const [newPin, setNewPin] = useState('')
  const [isDone, setDone] = useState(false)
  async function save(): Promise<void> {
    const reply = await screen.ask((api) => api.saveSettings({ newPin, ...(pin && { pin }) }))
    setDone(reply?.ok === true)
    if (!reply?.ok) return
    onPin(newPin)
    setNewPin('')
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Field
        label={settings.newPin}
        hint={settings.newPinHint}
        type="password"
        inputMode="numeric"
        pattern="\d{4,8}"
        maxLength={8}
        value={newPin}
        onChange={setNewPin}
      />
      <div className="buttons">
        <button type="submit" className="button main">
          {hasPin ? settings.changePin : settings.setPin}
        </button>
      </div>
      <p className="result good" aria-live="polite">
        {isDone ? settings.pinChanged : ''}
      </p>
    </form>
  )
}
