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
  useEffect(() => ref.current?.showModal(), [])
  return (
    <dialog
      className={className}
      ref={ref}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault()
        route.back()
      }}
    >
      {children}
    </dialog>
  )
}
