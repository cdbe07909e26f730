import { useWords } from '../../words.ts'
import type { BookField } from '../fields.ts'
import type { Fault, Written } from '../rule/draft.ts'
import { SpecField } from '../rule/SpecField.tsx'
import { ruleWords } from '../words.ts'
import { bookEditorWords } from './words.ts'

interface Wanted {
  fields: readonly BookField[]
  value: Written
  /** By the name of a field. */
  faultAt: (name: string) => Fault | undefined
  /** Of those whose schema does not know it. */
  units?: Record<string, string | null>
  onChange: (value: Written) => void
}

/** Fields of a book beside each other. */
export function BookFields({ fields, value, faultAt, units = {}, onChange }: Wanted) {
  const texts = useWords(bookEditorWords)
  const about = useWords(ruleWords)
  return (
    <div className="fields">
      {fields.map((field) => {
        const { name, title, whenEmpty } = field
        return (
          <SpecField
            key={name}
            field={{ ...field, unit: units[name] ?? field.unit }}
            title={texts.fields[name] ?? about.fields[name] ?? title ?? name.replaceAll('_', ' ')}
            hint={whenEmpty === undefined ? texts.mayBeEmpty : undefined}
            choices={
              field.kind === 'choice'
                ? field.choices.map((value) => ({ value, title: about.values[value] ?? value }))
                : undefined
            }
            value={value[name]}
            fault={faultAt(name)}
            onChange={(said) => onChange({ ...value, [name]: said ?? whenEmpty })}
          />
        )
      })}
    </div>
  )
}
