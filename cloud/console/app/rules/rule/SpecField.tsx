import { CheckField, Checks, type Choice, Field } from '../../kit/Field.tsx'
import type { FieldSpec } from '../../kit/specs.ts'
import type { Fault } from './draft.ts'
import { withGone } from './known.ts'
import { ListField } from './ListField.tsx'
import { NumberField } from './NumberField.tsx'
import { useFaultText } from './useFaultText.ts'

interface Wanted {
  field: FieldSpec
  title: string
  /** Of a number. */
  hint?: string | undefined
  /** Of a choice and of a list; the words of a list that has none are typed. */
  choices?: Choice[] | undefined
  value: unknown
  fault: Fault | undefined
  onChange: (value: unknown) => void
}

/** What is written otherwise than as plain text. */
const kinds: Record<string, 'color' | 'time'> = { colour: 'color', from: 'time', to: 'time' }

/** A field of a rule or of a book, as its schema describes it. */
export function SpecField({ field, title, hint, choices, value, fault, onChange }: Wanted) {
  const { name, unit } = field
  const said = useFaultText()(fault, name)
  const text = String(value ?? '')
  switch (field.kind) {
    case 'number':
      // In another unit it is another number.
      return <NumberField key={unit} {...{ title, unit, hint, value, name, fault, onChange }} />
    case 'flag':
      return <CheckField {...{ title, value, onChange }} />
    case 'choice':
      return (
        <Field
          title={title}
          choices={choices ?? []}
          value={text}
          fault={said}
          onChange={(chosen) => onChange(chosen || undefined)}
        />
      )
    case 'list': {
      if (!choices) return <ListField {...{ title, value, onChange }} fault={said} />
      const values = Array.isArray(value) ? value.map(String) : []
      return (
        <Checks
          title={title}
          values={values}
          choices={withGone(choices, values)}
          fault={said}
          onChange={(values) =>
            onChange(field.isOfNumbers ? values.map(Number).sort((one, other) => one - other) : values)
          }
        />
      )
    }
    case 'text':
      return (
        <Field
          title={title}
          value={text}
          kind={kinds[name] ?? 'text'}
          longest={field.longest ?? 200}
          fault={said}
          onChange={onChange}
        />
      )
  }
}
