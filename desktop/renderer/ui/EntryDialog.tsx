import type { ReactNode } from 'react'
import { type KeyActions, OUR_FIELD, useKeys } from '../keyboard.ts'
import { useTexts } from '../screen.ts'
import { Dialog } from './Dialog.tsx'
import './entryDialog.css'

interface EntryDialogProps {
  title: string
  /** What is typed, and what there is to say of it. */
  children: ReactNode
  /** Its keys on the screen, and those of the keyboard. */
  pad: ReactNode
  keys: KeyActions
  /** Absent: what is typed is taken as soon as it is whole. */
  done?: { isGood: boolean; act: () => void }
  onLeave: () => void
}

/** Something is typed in front of the sale, by keys or fingers. */
export function EntryDialog({ title, children, pad, keys, done, onLeave }: EntryDialogProps) {
  const { common } = useTexts()
  useKeys({ ...keys, enter: done?.isGood ? done.act : undefined, escape: onLeave })
  return (
    <Dialog title={title}>
      {children}
      {pad}
      <div className="buttons">
        {done && (
          <button type="button" className="button main" disabled={!done.isGood} onClick={done.act}>
            {common.done}
            <kbd>Enter</kbd>
          </button>
        )}
        <button type="button" className="button" onClick={onLeave}>
          {common.cancel}
          <kbd>Esc</kbd>
        </button>
      </div>
    </Dialog>
  )
}

interface EntryFieldProps {
  label: string
  value: string
  placeholder?: string
  isWrong: boolean
  /** What is to be typed, or what is wrong with it. */
  message: string
  /** The whole of its text, where it was put in by one go. */
  onChange: (text: string) => void
}

/** What is typed stays in view while its keys are looked for. */
export function EntryField({ label, value, placeholder, isWrong, message, onChange }: EntryFieldProps) {
  return (
    <div className="entry">
      <input
        {...OUR_FIELD}
        className="entry-field num"
        inputMode="none"
        autoComplete="off"
        aria-label={label}
        aria-describedby="entry-message"
        aria-invalid={isWrong}
        value={value}
        placeholder={placeholder}
        onChange={({ target }) => onChange(target.value)}
      />
      <p id="entry-message" className={isWrong ? 'bad' : 'soft'} aria-live="polite">
        {message}
      </p>
    </div>
  )
}
