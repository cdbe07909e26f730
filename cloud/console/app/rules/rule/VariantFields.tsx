import type { Choice } from '../../kit/Field.tsx'
import type { FieldSpec } from '../../kit/specs.ts'
import { useStoreNames } from '../../stores/useStoreNames.ts'
import { useWords } from '../../words.ts'
import type { Fault, Written } from './draft.ts'
import type { Known } from './known.ts'
import { SpecField } from './SpecField.tsx'
import type { Variant } from './schema.ts'
import { useFaultText } from './useFaultText.ts'
import { ruleFormWords } from './words.ts'

interface Wanted {
  of: Variant[]
  /** A field that is not for now. */
  without?: string | null
  value: Written
  /** Null: statuses and segments are typed. */
  known: Known | null
  /** By the path within it; empty: of all of it. */
  faultAt: (path: string) => Fault | undefined
  onChange: (value: Written) => void
}

/** The fields of an award or a condition. */
export function VariantFields({ of: variants, without, value, known, faultAt, onChange }: Wanted) {
  const texts = useWords(ruleFormWords)
  const choicesOf = useChoices(known)
  const fault = useFaultText()(faultAt(''))
  const fields = variants.find(({ type }) => type === value.type)?.fields ?? []
  return (
    <>
      {fields
        .filter(({ name }) => name !== without)
        .map((field) => {
          const { name, kind, isOptional } = field
          const isOfDays = kind === 'list' && name === 'days'
          return (
            <SpecField
              key={name}
              field={field}
              title={isOfDays ? texts.daysOfWeek : (texts.fields[name] ?? name.replaceAll('_', ' '))}
              choices={choicesOf(field)}
              value={value[name]}
              fault={faultAt(name)}
              onChange={(part) => {
                const isEmpty = Array.isArray(part) && part.length === 0 && isOptional
                onChange({ ...value, [name]: isEmpty ? undefined : part })
              }}
            />
          )
        })}
      {fault && <p className="fault">{fault}</p>}
    </>
  )
}

/** From what there is to choose in a field. */
function useChoices(known: Known | null) {
  const texts = useWords(ruleFormWords)
  const stores = useStoreNames()
  return (field: FieldSpec): Choice[] | undefined => {
    if (field.kind === 'choice')
      return [
        ...(field.isOptional ? [{ value: '', title: texts.byDefault }] : []),
        ...field.choices.map((choice) => ({ value: choice, title: texts.choices[choice] ?? choice })),
      ]
    if (field.kind !== 'list') return undefined
    switch (field.name) {
      case 'days':
        return texts.weekdays.map((title, day) => ({ value: String(day + 1), title }))
      case 'ids':
        return [...stores].map(([id, title]) => ({ value: String(id), title }))
      case 'names':
        return known?.statuses
      case 'in':
      case 'not_in':
        return known?.segments
    }
  }
}
