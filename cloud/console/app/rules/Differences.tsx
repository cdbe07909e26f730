import { type Formats, useFormats } from '../format.ts'
import { useWords } from '../words.ts'
import type { Books } from './Rules.tsx'
import { ruleWords } from './words.ts'

type Difference = Books['books'][number]['differences'][number]

/** What a version changes, as a person reads it. */
export function Differences({ of }: { of: Difference[] }) {
  const texts = useWords(ruleWords)
  return (
    <ul className="plain differences">
      {of.map((difference) => {
        const { path, part, subject, title, before, after } = difference
        const field = path.split('.').at(-1) ?? ''
        return (
          <li key={path}>
            <span className="soft">
              {texts.subjects[part]}
              {subject && ` «${subject.title}»`}
            </span>{' '}
            {title === null ? (
              <b className={after === null ? 'bad' : 'good'}>
                {after === null ? texts.removed : texts.added}
              </b>
            ) : (
              <>
                {texts.fields[field] ?? title}: <s>{<Value of={before} difference={difference} />}</s>{' '}
                <span aria-hidden="true">→</span> <b>{<Value of={after} difference={difference} />}</b>
              </>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function Value({ of: value, difference: { unit } }: { of: unknown; difference: Difference }) {
  const texts = useWords(ruleWords)
  const formats = useFormats()
  if (typeof value === 'object' && value !== null) return <code>{JSON.stringify(value)}</code>
  return said(value, unit, { texts, formats })
}

/** A value of a book in the units that people use. */
export function said(
  value: unknown,
  unit: string | null,
  { texts, formats }: { texts: (typeof ruleWords)['ru']; formats: Formats },
): string {
  if (value === null || value === undefined) return '—'
  if (typeof value !== 'number') return String(value)
  if (unit === 'kopecks') return formats.rouble(value)
  if (unit === 'basis points') return formats.percent(value)
  return `${formats.whole(value)}${unit ? ` ${texts.units[unit] ?? unit}` : ''}`
}
