import { useState } from 'react'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { Field } from '../../ui/Field.tsx'

/** The PIN that was given to open the settings is the old one. */
export function Access({ pin, onPin }: { pin: string | undefined; onPin: (pin: string) => void }) {
  const screen = useScreen()
  const { settings } = useTexts()
  const hasPin = useSnapshot((snapshot) => snapshot.settings.hasPin)
  const [newPin, setNewPin] = useState('')
  const [again, setAgain] = useState('')
  const [isTried, setTried] = useState(false)
  const [isDone, setDone] = useState(false)
  const isPin = /^\d{4,8}$/.test(newPin)
  const isSame = newPin === again
  async function save(): Promise<void> {
    setTried(true)
    setDone(false)
    if (!isPin || !isSame) return
    const reply = await screen.ask((api) => api.saveSettings({ newPin, ...(pin && { pin }) }))
    setDone(reply?.ok === true)
    if (!reply?.ok) return
    onPin(newPin)
    setNewPin('')
    setAgain('')
    setTried(false)
  }
  return (
    <form
      className="form"
      noValidate
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
        problem={isTried && !isPin ? settings.notAPin : null}
        maxLength={8}
        value={newPin}
        onChange={setNewPin}
      />
      <Field
        label={settings.pinAgain}
        type="password"
        inputMode="numeric"
        problem={isTried && isPin && !isSame ? settings.pinsDiffer : null}
        maxLength={8}
        value={again}
        onChange={setAgain}
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
