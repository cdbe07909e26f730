import type { z } from 'zod'
import { type BookDocument, bookDocumentSchema } from '../../../shared/rules/book.ts'
import type { budgetSchema, limitsSchema } from '../../../shared/rules/budget.ts'
import type { ruleSchema } from '../../../shared/rules/rule.ts'

/** What a book says, in the words of the oracle. */
export interface Terms {
  cashback: number
  limit: number
  maxKopecks: number
  lifetimeDays: number
  activationDays: number
  /** From the lowest, which everybody has. */
  statuses: StatusSaid[]
  rules: RuleSaid[]
  budgets: BudgetSaid[]
  limits: LimitsSaid
}

export interface StatusSaid {
  name: string
  cashback: number
  /** Null: as for everybody. */
  limit: number | null
}

/** A rule as people write it. */
export type RuleSaid = z.input<typeof ruleSchema>
export type BudgetSaid = z.input<typeof budgetSchema>
type LimitsSaid = z.input<typeof limitsSchema>

/** So small that they are spent in the middle of a story; what is given from them has rules below. */
export const budgetsToPickFrom: BudgetSaid[] = [
  { id: 'gifts', title: 'gifts', limit_points: 350, period: 'week' },
  { id: 'daily', title: 'daily', limit_points: 120, period: 'day', per_store: true, when_short: 'none' },
  { id: 'shares', title: 'shares', limit_points: 900, period: 'month', soft_percent: 50 },
  { id: 'ever', title: 'ever', limit_points: 500 },
]

export const defaultTerms: Terms = {
  cashback: 400,
  limit: 2000,
  maxKopecks: 100_000_000,
  lifetimeDays: 45,
  activationDays: 0,
  statuses: [],
  rules: [],
  budgets: budgetsToPickFrom,
  limits: {},
}

/** The book that says so. */
export function documentOf(terms: Terms): BookDocument {
  const { cashback, limit, maxKopecks, lifetimeDays, activationDays, statuses, rules, budgets, limits } =
    terms
  return bookDocumentSchema.parse({
    base: {
      cashback_basis_points: cashback,
      max_discount_basis_points: limit,
      max_purchase_kopecks: maxKopecks,
      lifetime_days: lifetimeDays,
      activation_days: activationDays,
    },
    statuses: statuses.map(({ name, cashback, limit }, step) => ({
      ...{ name, title: name, colour: '#808080', from: step * 100_000, cashback_basis_points: cashback },
      ...(limit !== null && { max_discount_basis_points: limit }),
    })),
    ...{ rules, budgets, limits },
  })
}

const rule = (id: string, award: RuleSaid['award'], rest: Partial<RuleSaid> = {}): RuleSaid => ({
  ...{ id, title: id, award, ...rest },
})
const points = (points: number) => ({ type: 'points', points }) as const
const percent = (basis_points: number) => ({ type: 'percent', basis_points }) as const

/** Of the books of stories whose people rise and fall. */
export const statusesToPickFrom: StatusSaid[] = [
  { name: 'bronze', cashback: 300, limit: null },
  { name: 'silver', cashback: 1000, limit: 1500 },
  { name: 'gold', cashback: 1500, limit: 500 },
]

/** In which people of the stories may be; who has no segment is in none. */
export const segmentsToPickFrom = [[], ['vip'], ['sleepy'], ['sleepy', 'vip']]

/** Rules of every kind, for stories in which books change: any of them may stand in one book together. */
export const rulesToPickFrom: RuleSaid[] = [
  rule('gift', points(100)),
  rule('small', points(7), { when: [{ type: 'min_purchase', kopecks: 50_000 }], priority: 2 }),
  rule('large', points(30), { when: [{ type: 'min_purchase', kopecks: 90_000 }], cap_points: 20 }),
  rule('again', { type: 'multiply', times_basis_points: 5_500 }, { lifetime_days: 60 }),
  rule('store-one', percent(150), {
    when: [{ type: 'stores', ids: [1] }],
    cap_points: 25,
    activation_days: 3,
    // Of its own, so that the rule may stand in a book whose points live for a day.
    lifetime_days: 5,
  }),
  rule('night', percent(333), {
    when: [{ type: 'hours', from: '20:00', to: '06:30' }],
    stacking: { group: 'of-the-day', how: 'best' },
  }),
  rule('workdays', points(11), {
    when: [{ type: 'hours', days: [1, 2, 3, 4, 5], from: '08:00', to: '23:59' }],
    stacking: { group: 'of-the-day', how: 'best' },
  }),
  rule('first', points(50), { when: [{ type: 'purchase_number', is: 1 }] }),
  rule('every-third', points(15), {
    when: [{ type: 'purchase_number', every: 3 }],
    stacking: { group: 'one', how: 'exclusive' },
    priority: 5,
  }),
  rule('first-of-day', points(10), {
    when: [{ type: 'first_of_day' }],
    stacking: { group: 'one', how: 'exclusive' },
  }),
  rule('back-soon', percent(50), { when: [{ type: 'days_since_last', min: 1, max: 7 }] }),
  rule('sleeper', points(60), { when: [{ type: 'days_since_last', min: 30 }], uses: { total: 1 } }),
  rule('newcomer', percent(200), { when: [{ type: 'registered_within', days: 30 }], uses: { per_day: 1 } }),
  rule('twice', points(5), { uses: { per_day: 1, total: 3 } }),
  rule('from-gifts', points(40), { budget: 'gifts', priority: 1 }),
  rule('from-gifts-too', percent(100), { budget: 'gifts' }),
  rule('from-daily', points(45), { budget: 'daily', when: [{ type: 'min_purchase', kopecks: 60_000 }] }),
  rule('from-shares', percent(250), { budget: 'shares', cap_points: 300 }),
  rule(
    'from-ever',
    { type: 'multiply', times_basis_points: 20_000 },
    {
      ...{ budget: 'ever', uses: { per_day: 2 } },
      stacking: { group: 'of-the-day', how: 'best' },
    },
  ),
  rule('from-ever-first', points(25), {
    ...{ budget: 'ever', priority: 9 },
    stacking: { group: 'one', how: 'exclusive' },
  }),
  rule(
    'tea',
    { type: 'percent', basis_points: 700, of: 'matching_items' },
    { when: [{ type: 'items', categories: ['tea'] }] },
  ),
  rule('two-cups', points(12), { when: [{ type: 'items', skus: ['cup'], min_quantity: 2 }] }),
  rule('much-coffee', points(20), {
    when: [
      { type: 'items', categories: ['coffee'], min_kopecks: 20_000 },
      { type: 'min_purchase', kopecks: 30_000 },
    ],
  }),
  rule('gold', points(500), { when: [{ type: 'status', names: ['gold'] }] }),
  rule('silver-or-bronze', percent(77), { when: [{ type: 'status', names: ['silver', 'bronze'] }] }),
  rule('for-some', points(33), { audience: 'vip' }),
  rule('for-all-but', percent(90), {
    when: [{ type: 'segment', in: ['all'], not_in: ['vip', 'sleepy'] }],
    uses: { per_day: 2 },
  }),
  rule('for-most', points(21), { audience: 'sleepy', holdout_percent: 50, campaign: 'spring' }),
  rule('for-half', percent(45), { holdout_percent: 50 }),
]
