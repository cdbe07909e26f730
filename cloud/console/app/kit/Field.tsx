import { type ReactNode, useId } from 'react'

export interface Choice {
  value: string
  title: string
}

interface Labelled {
  title: string
  hint?: ReactNode
  fault?: string | null
}

type Wanted = Labelled & {
  value: string
  onChange: (value: string) => void
  kind?: 'text' | 'number' | 'date' | 'time' | 'datetime-local' | 'search' | 'color'
  longest?: number
  /** Several lines. */
  rows?: number
  isRequired?: boolean
  choices?: Choice[]
  placeholder?: string
}

/** A field with its name above it, and what is wrong with it below. */
export function Field(wanted: Wanted) {
  const { title, hint, fault, value, onChange, kind = 'text', longest, rows, isRequired, choices } = wanted
  const id = useId()
  const about = fault || hint ? `${id}-about` : undefined
  const common = {
    ...{ id, value, required: isRequired, 'aria-describedby': about },
    ...(fault && { 'aria-invalid': true }),
  }
  const typed = {
    ...(longest && { maxLength: longest }),
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  }
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      {choices ? (
        <select {...common} onChange={(event) => onChange(event.target.value)}>
          {choices.map(({ value, title }) => (
            <option key={value} value={value}>
              {title}
            </option>
          ))}
        </select>
      ) : rows ? (
        <textarea {...common} {...typed} rows={rows} />
      ) : (
        <input
          {...common}
          {...typed}
          type={kind === 'number' ? 'text' : kind}
          {...(kind === 'number' && { inputMode: 'numeric' })}
          autoComplete="off"
          {...(wanted.placeholder && { placeholder: wanted.placeholder })}
        />
      )}
      {about && (
        <p id={about} className={fault ? 'fault' : 'soft'}>
          {fault ?? hint}
        </p>
      )}
    </div>
  )
}

interface CheckWanted {
  title: string
  value: unknown
  onChange: (value: boolean) => void
}

/** Yes or no. */
export function CheckField({ title, value, onChange }: CheckWanted) {
  return (
    <label className="check">
      <input type="checkbox" checked={value === true} onChange={(event) => onChange(event.target.checked)} />
      {title}
    </label>
  )
}

/** Several of a few. */
export function Checks({
  title,
  hint,
  fault,
  values,
  choices,
  onChange,
}: Labelled & { values: string[]; choices: Choice[]; onChange: (values: string[]) => void }) {
  return (
    <fieldset className="field">
      <legend>{title}</legend>
      <div className="checks">
        {choices.map(({ value, title }) => (
          <label key={value} className="check">
            <input
              type="checkbox"
              checked={values.includes(value)}
              onChange={(event) =>
                onChange(event.target.checked ? [...values, value] : values.filter((each) => each !== value))
              }
            />
            {title}
          </label>
        ))}
      </div>
      {(fault || hint) && <p className={fault ? 'fault' : 'soft'}>{fault ?? hint}</p>}
    </fieldset>
  )
}
