import { useState } from 'react'
import { Checks, Field } from '../../kit/Field.tsx'
import type { FieldSpec } from '../../kit/specs.ts'
import { useWords } from '../../words.ts'
import { useStoreNames } from '../../stores/useStoreNames.ts'
import { campaignWords } from '../../campaigns/words.ts'
import type { Fault } from '../../campaigns/editor/draft.ts'
import { NumberField } from './NumberField.tsx'
import { editorWords } from '../../campaigns/editor/words.ts'

interface Wanted {
  field: FieldSpec
  value: unknown
  fault: Fault | undefined
  onChange: (value: unknown) => void
}

/** One field of an award or a condition, as its schema describes it. */
export function PartField({ field, value, fault, onChange }: Wanted) {
  const { name: key, isOptional } = field
  const texts = useWords(editorWords)
  const { weekdays } = useWords(campaignWords)
  const stores = useStoreNames()
  const name = texts.fields[key] ?? key.replaceAll('_', ' ')
  const said = fault ? texts.fault(fault, 1) : null
  switch (field.kind) {
    case 'number':
      return <NumberField title={name} unit={field.unit} value={value} fault={fault} onChange={onChange} />
    case 'choice':
      return (
        <Field
          title={name}
          value={String(value ?? '')}
          choices={[
            ...(isOptional ? [{ value: '', title: texts.byDefault }] : []),
            ...field.choices.map((choice) => ({ value: choice, title: texts.choices[choice] ?? choice })),
          ]}
          fault={said}
          onChange={(text) => onChange(text || undefined)}
        />
      )
    case 'list': {
      if (!field.isOfNumbers) return <ListField title={name} value={value} fault={said} onChange={onChange} />
      // Of numbers rules know days of the week and stores.
      const isDays = key === 'days'
      const choices = isDays
        ? weekdays.map((title, day) => ({ value: String(day + 1), title }))
        : [...stores].map(([id, title]) => ({ value: String(id), title }))
      return (
        <Checks
          title={isDays ? texts.weekdays : name}
          values={Array.isArray(value) ? value.map(String) : []}
          choices={choices}
          fault={said}
          onChange={(values) => {
            const numbers = values.map(Number).sort((one, other) => one - other)
            onChange(isDays && numbers.length === 0 ? undefined : numbers)
          }}
        />
      )
    }
    case 'text':
      return (
        <Field
          title={name}
          value={String(value ?? '')}
          kind={key === 'from' || key === 'to' ? 'time' : 'text'}
          longest={100}
          fault={said}
          onChange={onChange}
        />
      )
  }
}

interface ListWanted {
  title: string
  value: unknown
  fault: string | null
  onChange: (value: string[] | undefined) => void
}

/** Words with commas between them. */
function ListField({ title, value, fault, onChange }: ListWanted) {
  const [typed, setTyped] = useState(() => (Array.isArray(value) ? value.join(', ') : ''))
  return (
    <Field
      title={title}
      value={typed}
      fault={fault}
      longest={1000}
      onChange={(text) => {
        setTyped(text)
        const parts = text.split(',').flatMap((part) => part.trim() || [])
        onChange(parts.length > 0 ? parts : undefined)
      }}
    />
  )
}
