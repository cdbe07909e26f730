import { type ReactNode, useId } from 'react'
import './field.css'

interface FieldProps {
  label: string
  hint?: string | undefined
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'password'
  /** What is wrong with it, in our own words; the browser's are of its own language. */
  problem?: string | null
  maxLength?: number
  inputMode?: 'numeric' | 'text' | 'url'
  children?: ReactNode
}

export function Field(props: FieldProps) {
  const { label, hint, value, onChange, type = 'text', problem = null, children, ...rest } = props
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-row">
        <input
          {...rest}
          id={id}
          type={type}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={hint || problem ? `${id}-hint` : undefined}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
        {children}
      </div>
      {(hint || problem) && (
        <p id={`${id}-hint`} className={problem ? 'field-hint bad' : 'field-hint'} aria-live="polite">
          {problem ?? hint}
        </p>
      )}
    </div>
  )
}
