import { Field } from '../../kit/Field.tsx'

interface Wanted {
  title: string
  hint: string
  value: unknown
  fault: string | null
  onChange: (value: string | undefined) => void
}

/** A day; one that has a time keeps it. */
export function DayField({ title, hint, value, fault, onChange }: Wanted) {
  const text = typeof value === 'string' ? value : ''
  return (
    <Field
      title={title}
      hint={hint}
      kind={text.includes('T') ? 'datetime-local' : 'date'}
      value={text}
      fault={fault}
      onChange={(text) => onChange(text || undefined)}
    />
  )
}
