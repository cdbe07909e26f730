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

/** A book as it is typed. */
export interface BookDraft {
  base: Written
  rules: DraftRule[]
  statuses: Written[]
  status_terms: Written
  budgets: Written[]
  limits: Written
  /** Null: nobody is rewarded for friends. */
  referral: Written | null
}

/** Rules that only the book before has were taken out, and can be put back; those of campaigns come and go with their campaign. */
export function draftOf(
  { rules, referral, ...rest }: BookDocument,
  before: BookDocument['rules'] = rules,
): BookDraft {
  const ids = new Set(rules.map(({ id }) => id))
  const gone = before.filter(({ id, campaign }) => campaign === undefined && !ids.has(id))
  return {
    ...rest,
    rules: [...rules, ...gone]
      .toSorted(byPriority)
      .map((rule) => ({ key: rule.id, rule, isGone: !ids.has(rule.id) })),
    referral: referral ?? null,
  }
}

/** The mark makes their ids others than any that there ever were: rules may name them before they have a title. */
export const newStatus = (mark: string): Written => ({ name: `status-${mark}`, title: '', colour: '#808080' })
export const newBudget = (mark: string): Written => ({
  ...{ id: `budget-${mark}`, title: '' },
  ...{ period: 'total', per_store: false, soft_percent: 80, when_short: 'partial' },
})
export const newReferral: Written = { min_purchase_kopecks: 1, wait_days: 14, per_month: 10 }

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
  /** By their fields (`base.lifetime_days`, `budgets.0.title`), of rules by their key (`rules.<key>.award.points`). */
  faults: Faults
  /** Of what has no field. */
  problems: Problem[]
}

export function readDraft({ rules, referral, ...rest }: BookDraft): ReadDraft {
  const inBook = rules.filter(({ isGone }) => !isGone)
  const book = { ...rest, rules: inBook.map(ruleOf), ...(referral && { referral }) }
  const read = bookDocumentSchema.safeParse(book, { reportInput: true })
  // What has no field is told of in words; of forms that are whole a status may be unknown.
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
  return { document: read.success && told.length === 0 ? read.data : null, faults, problems }
}

const WITH_FIELDS = /^((base|status_terms|limits|referral)\.|(statuses|budgets)\.\d+\.|statuses$)/

/** Of a field of a form; null: it is none. */
function keyedPath(path: string, rules: readonly DraftRule[]): string | null {
  if (WITH_FIELDS.test(path)) return path
  const [, place, field] = /^rules\.(\d+)\.(.+)$/.exec(path) ?? []
  const rule = place === undefined ? undefined : rules[Number(place)]
  return rule ? `rules.${rule.key}.${field}` : null
}

const problemOf = ({ path, message }: { path: PropertyKey[]; message: string }): Problem => ({
  path: path.map(String).join('.'),
  message,
})
