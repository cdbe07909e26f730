import { useState } from 'react'
import { CheckField, Checks, type Choice, Field } from '../../kit/Field.tsx'
import type { FieldSpec } from '../../kit/specs.ts'
import { useStoreNames } from '../../stores/useStoreNames.ts'
import { useWords } from '../../words.ts'
import type { Fault } from './draft.ts'
import { NumberField } from './NumberField.tsx'
import { ruleFormWords } from './words.ts'

/** Of what there is to choose from; what is not here is typed. */
export interface Known {
  statuses?: Choice[]
  segments?: Choice[]
}

interface Wanted {
  field: FieldSpec
  value: unknown
  fault: Fault | undefined
  known: Known
  onChange: (value: unknown) => void
}

/** One field of an award or a condition, as its schema describes it. */
export function PartField({ field, value, fault, known, onChange }: Wanted) {
  const { name: key, isOptional } = field
  const texts = useWords(ruleFormWords)
  const stores = useStoreNames()
  const name = texts.fields[key] ?? key.replaceAll('_', ' ')
  const said = fault ? texts.fault(fault, 1, key) : null
  switch (field.kind) {
    case 'number':
      return (
        <NumberField
          title={name}
          unit={field.unit}
          value={value}
          name={key}
          fault={fault}
          onChange={onChange}
        />
      )
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
      // Of numbers rules know days of the week and stores.
      const isDays = key === 'days'
      const choices: Choice[] | undefined = isDays
        ? texts.weekdays.map((title, day) => ({ value: String(day + 1), title }))
        : field.isOfNumbers
          ? [...stores].map(([id, title]) => ({ value: String(id), title }))
          : key === 'names'
            ? known.statuses
            : key === 'in' || key === 'not_in'
              ? known.segments
              : undefined
      if (!choices)
        return <ListField title={texts.withCommas(name)} value={value} fault={said} onChange={onChange} />
      const values = Array.isArray(value) ? value.map(String) : []
      // What is not there any more can be taken out.
      const gone = values.filter((each) => !choices.some(({ value }) => value === each))
      return (
        <Checks
          title={isDays ? texts.daysOfWeek : name}
          values={values}
          choices={[...choices, ...gone.map((value) => ({ value, title: value }))]}
          fault={said}
          onChange={(values) => {
            const chosen = field.isOfNumbers ? values.map(Number).sort((one, other) => one - other) : values
            onChange(chosen.length === 0 && isOptional ? undefined : chosen)
          }}
        />
      )
    }
    case 'flag':
      return <CheckField title={name} value={value} onChange={onChange} />
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
