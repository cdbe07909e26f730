import { type Condition, definitionSchema } from '../../../../shared/segments/definition.ts'
import type { Formats } from '../format.ts'
import type { Choices } from './choices.ts'
import type { SegmentWords } from './words.ts'

/** A definition as the cloud has told it. */
export const readDefinition = (told: unknown): Condition => definitionSchema.parse(told)

/** A definition as a sentence. */
export function say(
  condition: Condition,
  around: { texts: SegmentWords; formats: Formats; choices: Choices },
): string {
  const { texts, formats, choices } = around
  const { say: words, choices: titles } = texts
  const of = (part: Condition): string => {
    const said = say(part, around)
    return part.type === 'any' && part.of.length > 1 ? `(${said})` : said
  }
  const titleOf = (name: keyof Choices, value: string) =>
    choices[name].find((choice) => choice.value === value)?.title ?? value
  const amount = (what: string) => (value: number) =>
    what.endsWith('_kopecks') ? formats.roubles(value) : formats.whole(value)
  switch (condition.type) {
    case 'all':
      return condition.of.length === 0 ? words.everybody : condition.of.map(of).join(words.and)
    case 'any':
      return condition.of.length === 0 ? words.nobody : condition.of.map(of).join(words.or)
    case 'not':
      return words.not(say(condition.of, around))
    case 'sum':
      return `${titles[condition.of]} ${range(condition, amount(condition.of), words)}`
    case 'lately':
      return words.lately(
        condition.months,
        `${titles[condition.of]} ${range(condition, amount(condition.of), words)}`,
      )
    case 'days_since':
      return words.ago(titles[condition.what] ?? condition.what, condition.min, condition.max)
    case 'status':
      return words.status(condition.names.map((name) => `«${titleOf('names', name)}»`).join(words.or))
    case 'home_store':
      return words.store(condition.ids.map((id) => titleOf('ids', String(id))).join(words.or))
    case 'consent':
      return words.consent
    case 'telegram':
      return words.telegram
  }
}

function range(
  { min, max }: { min?: number | undefined; max?: number | undefined },
  shown: (value: number) => string,
  words: SegmentWords['say'],
): string {
  if (min !== undefined && max !== undefined) return words.between(shown(min), shown(max))
  return min !== undefined ? words.atLeast(shown(min)) : words.atMost(shown(max ?? 0))
}
