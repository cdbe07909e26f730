import { type ReactNode, useState } from 'react'
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
  const apply = (changes: Partial<Record<Name, string | undefined>>) => {
    setTyped({})
    onChange({ ...typed, ...changes })
  }
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
          onChange={(value) =>
            choices || kind === 'date'
              ? apply({ [name]: value } as Partial<Record<Name, string>>)
              : setTyped({ ...typed, [name]: value })
          }
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
