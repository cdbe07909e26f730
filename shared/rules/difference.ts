import type { z } from 'zod'
import { type BookDocument, baseSchema } from './book.ts'
import { budgetSchema, limitsSchema } from './budget.ts'
import { referralTermsSchema } from './referral.ts'
import { ruleSchema } from './rule.ts'
import { statusSchema, statusTermsSchema } from './status.ts'

/** One thing that differs from the version before, under the titles of the form of a book. */
export interface Difference {
  /** `base.lifetime_days`, `rules.weekend.award`: rules and statuses by their names. */
  path: string
  part: 'base' | 'rule' | 'status' | 'status_terms' | 'budget' | 'limits' | 'referral'
  /** The rule, the status or the budget. */
  subject: { id: string; title: string } | null
  /** The title of the field; null: the whole part. */
  title: string | null
  unit: string | null
  /** Null: it was not there, or is not there any more. */
  before: unknown
  after: unknown
}

/** The differences of two books, part by part; lists are in the order of the newer book, and what is gone stands last. */
export function differencesOf(before: BookDocument, after: BookDocument): Difference[] {
  return [
    ...changedFields('base', 'base', null, { schema: baseSchema, before: before.base, after: after.base }),
    ...changedItems(
      { part: 'status', list: 'statuses', schema: statusSchema },
      before.statuses.map((status) => ({ id: status.name, ...status })),
      after.statuses.map((status) => ({ id: status.name, ...status })),
    ),
    ...changedFields('status_terms', 'status_terms', null, {
      schema: statusTermsSchema,
      before: before.status_terms,
      after: after.status_terms,
    }),
    ...changedItems({ part: 'rule', list: 'rules', schema: ruleSchema }, before.rules, after.rules),
    ...changedItems({ part: 'budget', list: 'budgets', schema: budgetSchema }, before.budgets, after.budgets),
    ...changedFields('limits', 'limits', null, {
      ...{ schema: limitsSchema, before: before.limits, after: after.limits },
    }),
    ...changedFields('referral', 'referral', null, {
      ...{ schema: referralTermsSchema, before: before.referral ?? {}, after: after.referral ?? {} },
    }),
  ]
}

interface Item {
  id: string
  title: string
}

function changedItems<T extends Item>(
  { part, list, schema }: { part: Difference['part']; list: string; schema: z.ZodObject },
  before: readonly T[],
  after: readonly T[],
): Difference[] {
  const was = new Map(before.map((item) => [item.id, item]))
  const is = new Map(after.map((item) => [item.id, item]))
  const changed = after.flatMap((item) => {
    const old = was.get(item.id)
    const path = `${list}.${item.id}`
    const subject = { id: item.id, title: item.title }
    return old
      ? changedFields(part, path, subject, { schema, before: old, after: item })
      : [{ path, part, subject, title: null, unit: null, before: null, after: item }]
  })
  const gone = before.flatMap((item) => {
    const subject = { id: item.id, title: item.title }
    return is.has(item.id)
      ? []
      : [{ path: `${list}.${item.id}`, part, subject, title: null, unit: null, before: item, after: null }]
  })
  return [...changed, ...gone]
}

function changedFields(
  part: Difference['part'],
  path: string,
  subject: Difference['subject'],
  { schema, ...sides }: { schema: z.ZodObject; before: object; after: object },
): Difference[] {
  const [before, after] = [sides.before as Record<string, unknown>, sides.after as Record<string, unknown>]
  return Object.entries(schema.shape).flatMap(([key, field]) => {
    const [was, is] = [before[key] ?? null, after[key] ?? null]
    if (canonical(was) === canonical(is)) return []
    const { title, unit } = (field as z.ZodType).meta() ?? {}
    return [
      {
        ...{ path: `${path}.${key}`, part, subject, before: was, after: is },
        title: typeof title === 'string' ? title : key,
        unit: typeof unit === 'string' ? unit : null,
      },
    ]
  })
}

/** The same for the same content, in whatever order the fields were written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}
