import { type BookDocument, bookDocumentSchema } from '../../../../../shared/rules/book.ts'
import { byPriority } from '../../../../../shared/rules/stacking.ts'
import { type Problem, readWritten } from '../../../../../shared/rules/written.ts'
import {
  emptyRule,
  type Fault,
  type Faults,
  faultsOf,
  nameFor,
  type RuleDraft,
  type Written,
  withoutGaps,
} from '../rule/draft.ts'

/** A rule as it is typed, by a name that stays while its title changes; what is taken out can be put back. */
export interface DraftRule {
  key: string
  rule: RuleDraft
  isGone: boolean
}

/** A book as it is typed: the base and the rules as forms, the rest as it is written. */
export interface BookDraft {
  base: Written
  rules: DraftRule[]
  rest: string
}

export function draftOf({ base, rules, ...rest }: BookDocument): BookDraft {
  return {
    base,
    rules: rules.toSorted(byPriority).map((rule) => ({ key: rule.id, rule, isGone: false })),
    rest: JSON.stringify(rest, null, 2),
  }
}

/** One that is not in the book yet; the mark makes its id another one than any that there ever was. */
export function newRule(mark: string, like: RuleDraft = emptyRule): DraftRule {
  const { id: _, ...rule } = like
  return { key: `new-${mark}`, rule: { ...rule, when: like.when, award: like.award }, isGone: false }
}

/** An id is never used again with another meaning: that of a new rule follows from its title. */
export const idOf = ({ key, rule }: DraftRule): string =>
  typeof rule.id === 'string' ? rule.id : nameFor(String(rule.title ?? ''), key.slice('new-'.length), 'rule')

export const ruleOf = (drafted: DraftRule) => withoutGaps({ ...drafted.rule, id: idOf(drafted) })

export interface ReadDraft {
  /** Null: something of it is wrong. */
  document: BookDocument | null
  /** Of the base (`base.lifetime_days`) and of rules by their key (`rules.<key>.award.points`). */
  faults: Faults
  /** Of what is not a form. */
  problems: Problem[]
  /** Whether the rest is JSON at all. */
  isWritten: boolean
}

export function readDraft({ base, rules, rest }: BookDraft): ReadDraft {
  const written = objectOf(rest)
  const inBook = rules.filter(({ isGone }) => !isGone)
  const book = { ...written, base, rules: inBook.map(ruleOf) }
  const read = bookDocumentSchema.safeParse(book, { reportInput: true })
  // What is no form is told of in words; of forms that are whole a status may be unknown.
  const told = read.success ? readWritten(book).problems : read.error.issues.map(problemOf)
  const faults = new Map<string, Fault>()
  const problems: Problem[] = []
  for (const [path, fault] of faultsOf(read.error?.issues ?? [])) {
    const keyed = keyedPath(path, inBook)
    if (keyed) faults.set(keyed, fault)
  }
  for (const problem of told) {
    const keyed = keyedPath(problem.path.replaceAll(/\[(\d+)\]/g, '.$1'), inBook)
    if (!keyed) problems.push(problem)
    else if (!faults.has(keyed)) faults.set(keyed, { kind: 'wrong' })
  }
  const isWhole = written !== null && read.success && told.length === 0
  return { document: isWhole ? read.data : null, faults, problems, isWritten: written !== null }
}

/** Of a field of a form; null: it is none. */
function keyedPath(path: string, rules: readonly DraftRule[]): string | null {
  if (path.startsWith('base.')) return path
  const [, place, field] = /^rules\.(\d+)\.(.+)$/.exec(path) ?? []
  const rule = place === undefined ? undefined : rules[Number(place)]
  return rule ? `rules.${rule.key}.${field}` : null
}

const problemOf = ({ path, message }: { path: PropertyKey[]; message: string }): Problem => ({
  path: path.map(String).join('.'),
  message,
})

function objectOf(text: string): object | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? read : null
  } catch {
    return null
  }
}
