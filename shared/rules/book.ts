import { z } from 'zod'
import { reading } from '../reading.ts'
import type { Instant } from '../time.ts'
import { budgetSchema, limitsSchema } from './budget.ts'
import { referralTermsSchema } from './referral.ts'
import { ruleSchema } from './rule.ts'
import { type Ladder, statusSchema, statusTermsSchema } from './status.ts'

const basisPoints = z.int().min(0).max(10_000)

/** The terms for a purchase where no rule says more, each with its default. */
export const baseSchema = z.object({
  cashback_basis_points: basisPoints
    .default(400)
    .meta({ title: 'Cashback of what is paid in money', unit: 'basis points' }),
  max_discount_basis_points: basisPoints
    .default(2000)
    .meta({ title: 'Largest discount, of the purchase', unit: 'basis points' }),
  lifetime_days: z.int().min(1).max(3650).default(45).meta({ title: 'Lifetime of points', unit: 'days' }),
  activation_days: z
    .int()
    .min(0)
    .max(365)
    .default(0)
    .meta({ title: 'Until earned points can be spent', unit: 'days' }),
  min_purchase_kopecks: z
    .int()
    .min(1)
    .max(100_000_000)
    .default(1)
    .meta({ title: 'Smallest purchase', unit: 'kopecks' }),
  max_purchase_kopecks: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .default(100_000_000)
    .meta({ title: 'Largest purchase', unit: 'kopecks' }),
})
export type Base = z.infer<typeof baseSchema>

const defaultBase = baseSchema.parse({})

/** A base of the given terms, and of the defaults for the rest. The caller keeps the bounds. */
export function baseOf(said: Partial<Base>): Base {
  const keys = Object.keys(defaultBase) as (keyof Base)[]
  const found = keys.flatMap((key) => (said[key] === undefined ? [] : [[key, said[key]]]))
  return { ...defaultBase, ...Object.fromEntries(found) }
}

/** A book as staff write and publish it. A part that is missing has its defaults. */
export const bookDocumentSchema = z
  .object({
    base: baseSchema.prefault({}),
    statuses: z.array(statusSchema).max(20).default([]),
    status_terms: statusTermsSchema.prefault({}),
    rules: z.array(ruleSchema).max(200).default([]),
    budgets: z.array(budgetSchema).max(50).default([]),
    limits: limitsSchema.prefault({}),
    referral: referralTermsSchema.optional(),
  })
  .refine(({ base }) => base.min_purchase_kopecks <= base.max_purchase_kopecks, {
    path: ['base', 'min_purchase_kopecks'],
    error: 'no purchase would be in range: the smallest is above the largest',
  })
  .refine(({ base }) => base.activation_days < base.lifetime_days, {
    path: ['base', 'activation_days'],
    error: 'points would die before they could be spent',
  })
  .refine(({ rules }) => new Set(rules.map(({ id }) => id)).size === rules.length, {
    path: ['rules'],
    error: 'two rules have the same id',
  })
  .refine(({ statuses }) => new Set(statuses.map(({ name }) => name)).size === statuses.length, {
    path: ['statuses'],
    error: 'two statuses have the same name',
  })
  .refine(({ statuses }) => statuses.every(({ from }, index) => from > (statuses[index - 1]?.from ?? -1)), {
    path: ['statuses'],
    error: 'each is reached with more than the one before it',
  })
  .refine(({ budgets }) => new Set(budgets.map(({ id }) => id)).size === budgets.length, {
    path: ['budgets'],
    error: 'two budgets have the same id',
  })
  .superRefine(({ base, rules, budgets }, context) => {
    const groups = new Map<string, string>()
    for (const [index, { stacking, activation_days, lifetime_days, budget }] of rules.entries()) {
      const fault = (path: string[], message: string) =>
        context.addIssue({ code: 'custom', path: ['rules', index, ...path], message })
      if (stacking) {
        const how = groups.get(stacking.group) ?? stacking.how
        groups.set(stacking.group, how)
        if (how !== stacking.how)
          fault(['stacking', 'how'], `the group ${stacking.group} is ${how} in a rule before`)
      }
      if ((activation_days ?? base.activation_days) >= (lifetime_days ?? base.lifetime_days))
        fault(['lifetime_days'], 'its points would die before they could be spent')
      if (budget !== undefined && !budgets.some(({ id }) => id === budget))
        fault(['budget'], `there is no budget ${budget}`)
    }
  })
  .meta({ id: 'BookDocument', title: 'Rule book' })
export type BookDocument = z.infer<typeof bookDocumentSchema>

/** The rules of one programme from one moment on, until the next version takes over. */
export interface Book extends BookDocument {
  version: number
  validFrom: Instant
  /** The time zone of the programme: hours and days are by its clock. */
  timeZone: string
  /** Rules of a newer version have been left out: it may give more than is known here. */
  isPartial?: true
}

const heardBaseSchema = reading(baseSchema)
const heardDocumentSchema = z.object({
  base: z.unknown(),
  statuses: z.unknown().optional(),
  status_terms: z.unknown().optional(),
  rules: z.array(z.unknown()).catch([]).default([]),
  budgets: z.array(z.unknown()).catch([]).default([]),
  limits: z.unknown().optional(),
})
const heardLadderSchema = z.object({
  statuses: z.array(reading(statusSchema)).default([]),
  status_terms: statusTermsSchema.strip().prefault({}),
})
/** The ladder of a book without statuses. */
export const noLadder: Ladder = heardLadderSchema.parse({})

/**
 * Reads a book that another version may have written. Rules, statuses or limits that this version does not know are left
 * out, because it cannot tell what they give. How much is left in a budget that is left out is not known; a till knows that
 * of no budget.
 */
export function readBook(document: unknown, of: Pick<Book, 'version' | 'validFrom' | 'timeZone'>): Book {
  const { base, statuses, status_terms, rules, budgets, limits } = heardDocumentSchema.parse(document)
  const known = rules.flatMap((rule) => ruleSchema.safeParse(rule).data ?? [])
  const ladder = heardLadderSchema.safeParse({ statuses, status_terms }).data
  const knownLimits = limitsSchema.safeParse(limits ?? {}).data
  return {
    ...{
      base: heardBaseSchema.safeParse(base ?? {}).data ?? defaultBase,
      ...(ladder ?? noLadder),
      rules: known,
      budgets: budgets.flatMap((budget) => budgetSchema.safeParse(budget).data ?? []),
      limits: knownLimits ?? {},
      ...of,
    },
    ...((known.length < rules.length || !ladder || !knownLimits) && { isPartial: true }),
  }
}

/**
 * The book by which a sale of this moment is judged: the one that began last, and of two that began together the newer one.
 * The first book is valid for sales before it, too.
 */
export function bookAt(books: readonly Book[], at: Instant): Book {
  const inOrder = books.toSorted((a, b) => a.validFrom - b.validFrom || a.version - b.version)
  const book = inOrder.findLast(({ validFrom }) => validFrom <= at) ?? inOrder[0]
  if (!book) throw new Error('a programme has at least one book')
  return book
}
