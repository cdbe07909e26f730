import { type ReactNode, useEffect, useId, useRef } from 'react'
import './dialog.css'

/** Asks something before anything else can be done. Its keys are those of whoever opens it. */
export function Dialog({ title, children }: { title: string; children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    dialog.current?.showModal()
    // Not its first button: Enter is the main one's.
    dialog.current?.focus()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="dialog"
      tabIndex={-1}
      aria-labelledby={id}
      onCancel={(event) => event.preventDefault()}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
