import { z } from 'zod'
import { endsFirst, endsInTime } from './validity.ts'

/** Money and points of one rule are bounded like those of a purchase. */
const kopecks = z.int().min(0).max(1_000_000_000)
const days = z.int().min(0).max(3650)
const count = z.int().min(1).max(1_000_000)
/** A name of a status, a segment or goods. */
export const word = z.string().trim().min(1).max(100)
const words = z.array(word).min(1).max(1000)
/** An id of a rule, a budget or a segment. */
export const slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'lower-case letters, digits and dashes, beginning with a letter')
/** A name of a segment, also of one that staff write. */
export const segmentName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,63}$/,
    'lower-case letters, digits, dashes and underscores, beginning with a letter',
  )
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 09:30 is expected')
/** A day, or a minute of one, in the programme's own time zone. */
export const localMoment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T([01]\d|2[0-3]):[0-5]\d)?$/, '2026-01-21 or 2026-01-21T09:30 is expected')
  .refine((text) => isDay(text.slice(0, 10)), 'there is no such day')

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00.000Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

const isOneOf = (...keys: string[]) => ({
  holds: (condition: object) => keys.some((key) => (condition as Record<string, unknown>)[key] !== undefined),
  error: `at least one is needed: ${keys.join(', ')}`,
})
const membership = isOneOf('in', 'not_in')
const span = isOneOf('min', 'max')
const goods = isOneOf('skus', 'categories')

/** A condition for a rule to give anything. All conditions of a rule must be met. */
const conditionSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('min_purchase'),
      kopecks: kopecks.meta({ title: 'Least money paid', unit: 'kopecks' }),
    })
    .meta({ title: 'Purchase of at least' }),
  z
    .strictObject({
      type: z.literal('stores'),
      ids: z.array(z.int().min(1)).min(1).max(1000).meta({ title: 'Stores' }),
    })
    .meta({ title: 'In one of these stores' }),
  z
    .strictObject({
      type: z.literal('hours'),
      days: z
        .array(z.int().min(1).max(7))
        .min(1)
        .max(7)
        .optional()
        .meta({ title: 'Days of the week', description: 'Monday is 1; left out: every day.' }),
      from: timeOfDay.meta({ title: 'From' }),
      to: timeOfDay.meta({
        title: 'Until',
        description: 'No more at this minute. Before "from": past midnight, of the days on which it began.',
      }),
    })
    .refine(({ from, to }) => from !== to, { path: ['to'], error: 'it ends when it begins' })
    .meta({ title: 'At these hours, by the clock of the programme' }),
  z
    .strictObject({ type: z.literal('status'), names: words.meta({ title: 'Statuses' }) })
    .meta({ title: 'Of one of these statuses' }),
  z
    .strictObject({
      type: z.literal('segment'),
      in: words.optional().meta({ title: 'In one of these' }),
      not_in: words.optional().meta({ title: 'In none of these' }),
    })
    .refine(membership.holds, membership.error)
    .meta({ title: 'Of a segment' }),
  z
    .strictObject({
      type: z.literal('purchase_number'),
      is: count.optional().meta({ title: 'This very one' }),
      every: count.optional().meta({ title: 'Every so many' }),
    })
    .refine((condition) => (condition.is === undefined) !== (condition.every === undefined), {
      error: 'one of the two is needed: is, every',
    })
    .meta({ title: 'By the number of the purchase', description: 'Wholly returned ones do not count.' }),
  z.strictObject({ type: z.literal('first_of_day') }).meta({ title: 'The first purchase of a day' }),
  z
    .strictObject({
      type: z.literal('days_since_last'),
      min: days.optional().meta({ title: 'At least', unit: 'days' }),
      max: days.optional().meta({ title: 'At most', unit: 'days' }),
    })
    .refine(span.holds, span.error)
    .refine(({ min = 0, max = min }) => min <= max, { path: ['max'], error: 'it is below the least' })
    .meta({ title: 'Days since the last purchase', description: 'A first purchase has none before it.' }),
  z
    .strictObject({
      type: z.literal('registered_within'),
      days: days.meta({ title: 'Days from the one of registration', unit: 'days' }),
    })
    .meta({ title: 'Soon after registration' }),
  z
    .strictObject({
      type: z.literal('items'),
      skus: words.optional().meta({ title: 'Goods, by their code' }),
      categories: words.optional().meta({ title: 'Categories of goods' }),
      min_kopecks: kopecks.optional().meta({ title: 'For at least', unit: 'kopecks' }),
      min_quantity: z.number().min(0).max(1_000_000).optional().meta({ title: 'So many at least' }),
    })
    .refine(goods.holds, goods.error)
    .meta({ title: 'With these goods', description: 'Only where 1C sends what was bought.' }),
])
export type Condition = z.infer<typeof conditionSchema>

const awardSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('percent'),
      basis_points: z.int().min(1).max(10_000).meta({ title: 'Share', unit: 'basis points' }),
      of: z
        .enum(['paid', 'matching_items'])
        .optional()
        .meta({ title: 'Of what', description: 'Left out: of all that is paid in money.' }),
    })
    .meta({ title: 'A share of what is paid in money' }),
  z
    .strictObject({
      type: z.literal('points'),
      points: z.int().min(1).max(100_000).meta({ title: 'Points', unit: 'points' }),
    })
    .meta({ title: 'A number of points' }),
  z
    .strictObject({
      type: z.literal('multiply'),
      times_basis_points: z.int().min(1).max(100_000).meta({
        title: 'So many times the base award, beside it',
        description: '10,000 gives as much again: twice the cashback in all.',
        unit: 'basis points',
      }),
    })
    .meta({ title: 'The base award again' }),
])

const stackingSchema = z
  .strictObject({
    group: slug.meta({ title: 'Group' }),
    how: z.enum(['add', 'best', 'exclusive']).meta({
      title: 'Within the group',
      description: 'All of them; the one that gives most; or the first that gives anything. Groups add up.',
    }),
  })
  .meta({ title: 'Stacking' })

export const ruleSchema = z
  .strictObject({
    id: slug.meta({ title: 'Id', description: 'Never used again with another meaning.' }),
    title: z.string().trim().min(1).max(200).meta({ title: 'Title' }),
    when: z.array(conditionSchema).max(20).default([]).meta({ title: 'Conditions' }),
    award: awardSchema.meta({ title: 'Award' }),
    from: localMoment.optional().meta({ title: 'From', description: 'By the clock of the programme.' }),
    until: localMoment
      .optional()
      .meta({ title: 'Until', description: 'A day is the last one; of a day with a time, the end.' }),
    stacking: stackingSchema.optional(),
    priority: z
      .int()
      .min(-1000)
      .max(1000)
      .optional()
      .meta({ title: 'Priority', description: 'The larger goes first, then the id; left out: 0.' }),
    lifetime_days: days.min(1).optional().meta({ title: 'Lifetime of its points', unit: 'days' }),
    activation_days: days.optional().meta({ title: 'Until its points can be spent', unit: 'days' }),
    cap_points: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ title: 'At most, a receipt', unit: 'points' }),
    uses: z
      .strictObject({
        per_day: count.optional().meta({ title: 'A day' }),
        total: count.optional().meta({ title: 'In all' }),
      })
      .optional()
      .meta({ title: 'Times a customer can have it' }),
    budget: slug.optional().meta({ title: 'Budget', description: 'From which its points are given.' }),
    audience: segmentName
      .optional()
      .meta({ title: 'For whom', description: 'A segment; left out: everybody.' }),
    holdout_percent: z.int().min(1).max(90).optional().meta({
      title: 'Of these left out, so that its effect can be seen',
      description: 'Always the same people.',
      unit: 'percent',
    }),
    campaign: slug
      .optional()
      .meta({ title: 'Campaign', description: 'All of its rules leave the same people out.' }),
  })
  .refine(endsInTime, endsFirst)
  .refine(({ award, when }) => !isOfItems(award) || when.some(({ type }) => type === 'items'), {
    path: ['award', 'of'],
    error: 'a share of matching items needs a condition on items',
  })
  .meta({ id: 'Rule', title: 'Rule' })
export type Rule = z.infer<typeof ruleSchema>

const isOfItems = (award: z.infer<typeof awardSchema>) =>
  award.type === 'percent' && award.of === 'matching_items'
