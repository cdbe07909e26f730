import { type ReactNode, useEffect, useRef } from 'react'
import { route } from '../route.ts'

/** Lies over everything; the browser keeps the focus inside. Whatever closes it is a step back. */
export function Dialog({
  className,
  label,
  children,
}: {
  className: string
  label: string
  children: ReactNode
}) {
  const ref = useRef<HTMLDialogElement>(null)
  // By itself the browser goes to the first button, which may lie far below what it is about.
  useEffect(() => {
    ref.current?.showModal()
    ref.current?.focus()
    ref.current?.scrollTo(0, 0)
  }, [])
  return (
    <dialog
      className={className}
      ref={ref}
      aria-label={label}
      tabIndex={-1}
      onCancel={(event) => {
        event.preventDefault()
        route.back()
      }}
    >
      {children}
    </dialog>
  )
}
