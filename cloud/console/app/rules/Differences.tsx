import { ruleSchema } from '../../../../shared/rules/rule.ts'
import { type Formats, useFormats } from '../format.ts'
import { Chip } from '../kit/Page.tsx'
import { useWords } from '../words.ts'
import type { Books } from './Rules.tsx'
import type { Titles } from './rule/known.ts'
import { type Saying, saidPart, saidRule, saidTerms } from './rule/said.ts'
import { useSaying } from './rule/useSaying.ts'
import { ruleWords } from './words.ts'

type Difference = Books['books'][number]['differences'][number]

/** What a version changes, as a person reads it. */
export function Differences({ of, titles }: { of: Difference[]; titles?: Titles }) {
  const texts = useWords(ruleWords)
  const saying = useSaying(titles)
  return (
    <ul className="plain differences">
      {of.map((difference) => {
        const { path, part, subject, title, before, after } = difference
        const field = path.split('.').at(-1) ?? ''
        const whose = (
          <span className="soft">
            {texts.subjects[part]}
            {subject && ` «${subject.title}»`}
          </span>
        )
        if (title === null)
          return (
            <li key={path}>
              <Chip tone={after === null ? 'bad' : 'good'}>
                {after === null ? texts.removed : texts.added}
              </Chip>{' '}
              {whose}
              {part === 'rule' && `: ${wholeRule(after ?? before, saying)}`}
            </li>
          )
        return (
          <li key={path}>
            {whose} {texts.fields[field] ?? title}:{' '}
            <s>{<Value of={before} difference={difference} saying={saying} />}</s>{' '}
            <span aria-hidden="true">→</span>{' '}
            <b>{<Value of={after} difference={difference} saying={saying} />}</b>
          </li>
        )
      })}
    </ul>
  )
}

/** One that is of a newer version than this page is not known here. */
function wholeRule(rule: unknown, saying: Saying): string {
  const known = ruleSchema.safeParse(rule).data
  return known ? [saidRule(known, saying), ...saidTerms(known, saying)].join(' · ') : '…'
}

interface ValueWanted {
  of: unknown
  difference: Difference
  saying: Saying
}

function Value({ of: value, difference: { part, path, unit }, saying }: ValueWanted) {
  const texts = useWords(ruleWords)
  const formats = useFormats()
  const field = path.split('.').at(-1) ?? ''
  if (part === 'rule' && value !== null && ruleSchema.shape[field as 'when']?.safeParse(value).success)
    return saidPart(field, value, saying)
  return said(value, unit, { texts, formats })
}

/** A value of a book in the units that people use. */
export function said(
  value: unknown,
  unit: string | null,
  words: { texts: (typeof ruleWords)['ru']; formats: Formats },
): string {
  const { texts, formats } = words
  if (value === null || value === undefined) return '—'
  if (Array.isArray(value)) return value.map((each) => said(each, unit, words)).join(', ') || '—'
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([key, part]) => `${texts.fields[key] ?? key.replaceAll('_', ' ')}: ${said(part, unit, words)}`)
      .join(', ')
  if (typeof value === 'boolean') return value ? texts.yes : texts.no
  if (typeof value !== 'number') return texts.values[String(value)] ?? String(value)
  if (unit === 'kopecks') return formats.rouble(value)
  if (unit === 'basis points') return formats.percent(value)
  return `${formats.whole(value)}${unit ? ` ${texts.units[unit] ?? unit}` : ''}`
}
