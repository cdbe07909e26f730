import { z } from 'zod'
import { dayAfter, numberOfDay, weekdayOf } from './localTime.ts'
import { slug } from './rule.ts'

/** The points that rules may give in all: the only thing that customers share. */
export const budgetSchema = z
  .strictObject({
    id: slug.meta({ title: 'Id', description: 'Never used again with another meaning.' }),
    title: z.string().trim().min(1).max(200).meta({ title: 'Title' }),
    limit_points: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .meta({ title: 'Most that is given in a period', unit: 'points' }),
    period: z
      .enum(['total', 'month', 'week', 'day'])
      .default('total')
      .meta({ title: 'Period', description: 'By the clock of the programme; a week begins on Monday.' }),
    per_store: z
      .boolean()
      .default(false)
      .meta({ title: 'Of each store', description: 'Every store has so much of its own.' }),
    soft_percent: z
      .int()
      .min(1)
      .max(100)
      .default(80)
      .meta({ title: 'A person is told when so much of it is given', unit: 'percent' }),
    when_short: z.enum(['partial', 'none']).default('partial').meta({
      title: 'What an award gets that is larger than what is left',
      description: 'What is left of it, or nothing.',
    }),
  })
  .meta({ id: 'Budget', title: 'Budget' })
export type Budget = z.infer<typeof budgetSchema>

const count = z.int().min(1).max(1_000_000)

/** The limits for one customer in a day, by the clock of the programme. */
export const limitsSchema = z
  .strictObject({
    points_per_customer_day: count
      .optional()
      .meta({ title: 'Most points that a customer earns in a day', unit: 'points' }),
    purchases_per_customer_day: z
      .strictObject({
        soft: count.optional().meta({ title: 'A person is told of what is above', unit: 'purchases' }),
        hard: count.optional().meta({ title: 'What is above earns nothing', unit: 'purchases' }),
      })
      .refine(({ soft = 1, hard = soft }) => soft <= hard, {
        path: ['soft'],
        error: 'it is above the hard one: nobody would be told before',
      })
      .optional()
      .meta({ title: 'Purchases of a customer in a day' }),
  })
  .meta({ id: 'Limits', title: 'Limits' })
export type Limits = z.infer<typeof limitsSchema>

/** Whether a book limits what a customer may have in a day. */
export const limitsDays = ({ points_per_customer_day, purchases_per_customer_day: purchases }: Limits) =>
  points_per_customer_day !== undefined || purchases?.soft !== undefined || purchases?.hard !== undefined

/** The part of a budget that an award is drawn from: the period and, where each store has a budget of its own, the store. */
export interface DrawnFrom {
  budgetId: string
  period: string
  storeId: number | null
}

export const keyOfDraw = ({ budgetId, period, storeId }: DrawnFrom) =>
  `${budgetId} ${period} ${storeId ?? ''}`

export function drawnFrom(
  { id, period, per_store }: Pick<Budget, 'id' | 'period' | 'per_store'>,
  { day, storeId }: { day: string; storeId: number | null },
): DrawnFrom {
  return { budgetId: id, period: periodOf(period, day), storeId: per_store ? storeId : null }
}

/** The period of a local day: `total`, `2026-01`, `2026-W04` or `2026-01-21`. */
export function periodOf(period: Budget['period'], day: string): string {
  switch (period) {
    case 'total':
      return 'total'
    case 'month':
      return day.slice(0, 7)
    case 'week':
      return weekOf(day)
    case 'day':
      return day
  }
}

/** A week is of the year that most of its days are in, which is that of its Thursday. */
function weekOf(day: string): string {
  const thursday = dayAfter(day, 4 - weekdayOf(numberOfDay(day)))
  const year = thursday.slice(0, 4)
  const week = Math.floor((numberOfDay(thursday) - numberOfDay(`${year}-01-01`)) / 7) + 1
  return `${year}-W${String(week).padStart(2, '0')}`
}

/** On which day a week such as `2026-W04` begins. The fourth of January is in the first one. */
export function mondayOf(week: string): string {
  const [year = '', number] = week.split('-W')
  const fourth = `${year}-01-04`
  return dayAfter(fourth, 1 - weekdayOf(numberOfDay(fourth)) + (Number(number) - 1) * 7)
}

/** How many of these points are given where so much of the budget is left. */
export function fitting(points: number, left: number, { when_short }: Pick<Budget, 'when_short'>): number {
  if (points <= left) return points
  return when_short === 'partial' ? Math.max(0, left) : 0
}

/** Whether so much has been given that a person is told. */
export const isNearlySpent = ({ limit_points, soft_percent }: Budget, spent: number) =>
  spent * 100 >= limit_points * soft_percent
