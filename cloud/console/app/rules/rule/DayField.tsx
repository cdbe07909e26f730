import { Field } from '../../kit/Field.tsx'
import type { Fault } from './draft.ts'
import { useFaultText } from './useFaultText.ts'

interface Wanted {
  title: string
  hint: string
  value: unknown
  name: string
  fault: Fault | undefined
  onChange: (value: string | undefined) => void
}

/** A day; one that has a time keeps it. */
export function DayField({ title, hint, value, name, fault, onChange }: Wanted) {
  const faultText = useFaultText()
  const text = typeof value === 'string' ? value : ''
  return (
    <Field
      title={title}
      hint={hint}
      kind={text.includes('T') ? 'datetime-local' : 'date'}
      value={text}
      fault={faultText(fault, name)}
      onChange={(text) => onChange(text || undefined)}
    />
  )
}
