import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from '../words.ts'
import { kitWords } from './words.ts'

interface Wanted {
  title: string
  /** Left out: it hides the page, and stays until what it says is over. */
  onClose?: () => void
  /** It cannot be closed for now. */
  isHeld?: boolean
  children: ReactNode
}

/** The browser's own dialog: it keeps the focus inside, ends with Escape, and gives the focus back. */
export function Dialog({ title, onClose, isHeld = false, children }: Wanted) {
  const texts = useWords(kitWords)
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // What is to be filled in comes before the button that closes.
    shown?.querySelector<HTMLElement>('input, select, textarea')?.focus()
    return () => shown?.close()
  }, [])
  const isFirm = onClose === undefined
  const stays = isFirm || isHeld
  useEffect(() => {
    if (!stays) return
    // A dialog that nobody has asked for ends together with the one below it, and that one has what was typed.
    const stay = (event: KeyboardEvent) => event.key === 'Escape' && event.preventDefault()
    addEventListener('keydown', stay, true)
    return () => removeEventListener('keydown', stay, true)
  }, [stays])
  return (
    <dialog
      ref={dialog}
      className={isFirm ? 'firm' : undefined}
      aria-labelledby={heading}
      onClose={stays ? () => dialog.current?.showModal() : onClose}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        {onClose && (
          <button
            type="button"
            className="quiet"
            aria-label={texts.close}
            aria-disabled={isHeld}
            onClick={isHeld ? undefined : onClose}
          >
            ✕
          </button>
        )}
      </header>
      {children}
    </dialog>
  )
}
