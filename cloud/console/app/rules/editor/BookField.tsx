import { useId, useState } from 'react'
import { CheckField, Field } from '../../kit/Field.tsx'
import { useWords } from '../../words.ts'
import type { Fault, Written } from '../rule/draft.ts'
import { NumberField } from '../rule/NumberField.tsx'
import { ruleFormWords } from '../rule/words.ts'
import { ruleWords } from '../words.ts'
import type { BookFieldSpec } from './fields.ts'
import { bookEditorWords } from './words.ts'

interface FieldsWanted {
  fields: readonly BookFieldSpec[]
  value: Written
  /** By the name of a field. */
  faultAt: (name: string) => Fault | undefined
  /** Of those whose schema does not know it. */
  units?: Record<string, string | null>
  onChange: (value: Written) => void
}

/** Fields of a book beside each other. */
export function BookFields({ fields, value, faultAt, units = {}, onChange }: FieldsWanted) {
  return (
    <div className="fields">
      {fields.map((field) => (
        <BookField
          key={field.name}
          field={{ ...field, unit: units[field.name] ?? field.unit }}
          value={value[field.name]}
          fault={faultAt(field.name)}
          onChange={(said) => onChange({ ...value, [field.name]: said ?? field.whenEmpty })}
        />
      ))}
    </div>
  )
}

interface Wanted {
  field: BookFieldSpec
  value: unknown
  fault: Fault | undefined
  onChange: (value: unknown) => void
}

/** One field of a book, as its schema describes it. */
function BookField({ field, value, fault, onChange }: Wanted) {
  const { name, unit, whenEmpty } = field
  const texts = useWords(ruleFormWords)
  const about = useWords(ruleWords)
  const own = useWords(bookEditorWords)
  const title = own.fields[name] ?? about.fields[name] ?? field.title ?? name.replaceAll('_', ' ')
  const said = fault ? texts.fault(fault, 1, name) : null
  switch (field.kind) {
    case 'number':
      // In another unit it is another number.
      return (
        <NumberField
          key={unit}
          title={title}
          {...(whenEmpty === undefined && { hint: own.mayBeEmpty })}
          {...{ unit, name, value, fault, onChange }}
        />
      )
    case 'flag':
      return <CheckField title={title} value={value} onChange={onChange} />
    case 'choice':
      return (
        <Field
          title={title}
          value={String(value ?? '')}
          choices={field.choices.map((choice) => ({ value: choice, title: about.values[choice] ?? choice }))}
          fault={said}
          onChange={onChange}
        />
      )
    case 'list':
      return <LinesField title={title} value={value} fault={said} onChange={onChange} />
    case 'text':
      return (
        <Field
          title={title}
          value={String(value ?? '')}
          kind={name === 'colour' ? 'color' : 'text'}
          longest={field.longest ?? 200}
          fault={said}
          onChange={onChange}
        />
      )
  }
}

interface LinesWanted {
  title: string
  value: unknown
  fault: string | null
  onChange: (value: string[]) => void
}

/** One a line. */
function LinesField({ title, value, fault, onChange }: LinesWanted) {
  const texts = useWords(bookEditorWords)
  const [typed, setTyped] = useState(() => (Array.isArray(value) ? value.join('\n') : ''))
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      <textarea
        id={id}
        rows={2}
        value={typed}
        aria-describedby={`${id}-about`}
        {...(fault && { 'aria-invalid': true })}
        onChange={(event) => {
          setTyped(event.target.value)
          onChange(event.target.value.split('\n').flatMap((line) => line.trim() || []))
        }}
      />
      <p id={`${id}-about`} className={fault ? 'fault' : 'soft'}>
        {fault ?? texts.oneALine}
      </p>
    </div>
  )
}
