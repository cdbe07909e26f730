import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../words.ts'
import { type Choice, Field } from './Field.tsx'
import { kitWords } from './words.ts'

export interface Filter<Name extends string> {
  name: Name
  title: string
  choices?: Choice[]
  kind?: 'text' | 'date' | 'search'
  /** What it looks like where nothing is typed. */
  example?: string
}

/** The year 2026 is 2, 20 and 202 before it is typed. */
const isWholeDay = (value: string) => value === '' || value >= '1000'

/** Fields that narrow a list. What is typed counts with Enter, what is chosen at once. */
export function Filters<Name extends string>({
  filters,
  values,
  onChange,
  children,
}: {
  filters: Filter<Name>[]
  values: Partial<Record<Name, string>>
  onChange: (changes: Partial<Record<Name, string | undefined>>) => void
  children?: ReactNode
}) {
  const texts = useWords(kitWords)
  const [typed, setTyped] = useState<Partial<Record<Name, string>>>({})
  const isNarrowed = filters.some(({ name }) => values[name])
  const hasText = filters.some(({ choices, kind }) => !choices && kind !== 'date')
  const said = filters.map(({ name }) => values[name] ?? '').join('\n')
  // What is typed stands there until the address has it or something else: a field that is emptied in between forgets half a date.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the address says has changed
  useEffect(() => setTyped({}), [said])
  const apply = (changes: Partial<Record<Name, string | undefined>>) => onChange({ ...typed, ...changes })
  const type = (name: Name, value: string) => setTyped({ ...typed, [name]: value })
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault()
        apply({})
      }}
    >
      {filters.map(({ name, title, choices, kind, example }) => (
        <Field
          key={name}
          title={title}
          value={(choices ? values[name] : (typed[name] ?? values[name])) ?? ''}
          {...(choices ? { choices: [{ value: '', title: texts.all }, ...choices] } : { longest: 100 })}
          {...(kind && { kind })}
          {...(example && { placeholder: example })}
          onChange={(value) => {
            if (!choices) type(name, value)
            if (choices || (kind === 'date' && isWholeDay(value)))
              apply({ [name]: value } as Partial<Record<Name, string>>)
          }}
        />
      ))}
      {hasText && <button type="submit">{texts.apply}</button>}
      {isNarrowed && (
        <button
          type="button"
          className="quiet"
          onClick={() =>
            apply(
              Object.fromEntries(filters.map(({ name }) => [name, undefined])) as Partial<
                Record<Name, undefined>
              >,
            )
          }
        >
          {texts.clear}
        </button>
      )}
      {children}
    </form>
  )
}
