import { type ReactNode, useId } from 'react'
import './field.css'

interface FieldProps {
  label: string
  hint?: string | undefined
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'password' | 'url'
  /** What must be there before the form is sent, as a pattern of HTML. */
  pattern?: string
  maxLength?: number
  inputMode?: 'numeric' | 'text' | 'url'
  isOptional?: boolean
  children?: ReactNode
}

export function Field(props: FieldProps) {
  const { label, hint, value, onChange, type = 'text', isOptional = false, children, ...rest } = props
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-row">
        <input
          {...rest}
          id={id}
          type={type}
          required={!isOptional}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={hint ? `${id}-hint` : undefined}
          value={value}
          onChange={({ target }) => onChange(target.value)}
        />
        {children}
      </div>
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}
