import { z } from 'zod'
import { segmentName, word } from '../rules/rule.ts'

const amount = z.int().min(0).max(1_000_000_000_000)
const days = z.int().min(0).max(36_500)

export const DEEPEST = 6
const MOST_PARTS = 60

/** What is added up of a customer's purchases and points. */
const ofAllTime = z.enum([
  'purchases',
  'net_kopecks',
  'average_kopecks',
  'points_earned',
  'points_spent',
  'points_expired',
])
export type Sum = z.infer<typeof ofAllTime>

const hasBounds = ({ min, max }: { min?: number | undefined; max?: number | undefined }) =>
  min !== undefined || max !== undefined
const inOrder = ({ min = 0, max = min }: { min?: number | undefined; max?: number | undefined }) => min <= max
const noBounds = 'at least one is needed: min, max'
const below = { path: ['max'], error: 'it is below the least' }

/** What is true of a customer, or not: what is not known of one is not true. */
export const plainConditionSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('sum'),
      of: ofAllTime.meta({ title: 'Of what', description: 'An average of no purchase is not true.' }),
      min: amount.optional().meta({ title: 'At least' }),
      max: amount.optional().meta({ title: 'At most' }),
    })
    .refine(hasBounds, noBounds)
    .refine(inOrder, below)
    .meta({ title: 'In all' }),
  z
    .strictObject({
      type: z.literal('lately'),
      months: z
        .int()
        .min(1)
        .max(120)
        .meta({ title: 'In so many months', description: 'By the calendar: 1 is the present one.' }),
      of: z.enum(['purchases', 'net_kopecks']).meta({ title: 'Of what' }),
      min: amount.optional().meta({ title: 'At least' }),
      max: amount.optional().meta({ title: 'At most' }),
    })
    .refine(hasBounds, noBounds)
    .refine(inOrder, below)
    .meta({ title: 'In the latest months' }),
  z
    .strictObject({
      type: z.literal('days_since'),
      what: z.enum(['last_purchase', 'first_purchase', 'registration']).meta({
        title: 'Since when',
        description: 'Of who never bought neither the one nor the other purchase is true.',
      }),
      min: days.optional().meta({ title: 'At least', unit: 'days' }),
      max: days.optional().meta({ title: 'At most', unit: 'days' }),
    })
    .refine(hasBounds, noBounds)
    .refine(inOrder, below)
    .meta({ title: 'Days since', description: 'By the calendar of the shops.' }),
  z
    .strictObject({
      type: z.literal('status'),
      names: z.array(word).min(1).max(100).meta({ title: 'Statuses' }),
    })
    .meta({ title: 'Of one of these statuses' }),
  z
    .strictObject({
      type: z.literal('home_store'),
      ids: z.array(z.int().min(1)).min(1).max(1000).meta({ title: 'Stores' }),
    })
    .meta({ title: 'Buys most often in one of these stores' }),
  z.strictObject({ type: z.literal('consent') }).meta({ title: 'Has agreed to the keeping of their data' }),
  z
    .strictObject({ type: z.literal('telegram') })
    .meta({ title: 'Has the card in Telegram, and can be written to' }),
])

export type Condition =
  | z.infer<typeof plainConditionSchema>
  | { type: 'all' | 'any'; of: Condition[] }
  | { type: 'not'; of: Condition }

const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    plainConditionSchema,
    z.strictObject({ type: z.enum(['all', 'any']), of: z.array(conditionSchema).max(20) }),
    z.strictObject({ type: z.literal('not'), of: conditionSchema }),
  ]),
)

const partsOf = (condition: Condition): readonly Condition[] =>
  condition.type === 'not'
    ? [condition.of]
    : 'of' in condition && Array.isArray(condition.of)
      ? condition.of
      : []

const depthOf = (condition: Condition): number => 1 + Math.max(0, ...partsOf(condition).map(depthOf))
const countOf = (condition: Condition): number =>
  partsOf(condition).reduce((total, part) => total + countOf(part), 1)

/** The condition that says which customers are in a segment. */
export const definitionSchema = boundedDepth(conditionSchema).refine(
  (definition) => countOf(definition) <= MOST_PARTS,
  `it has more than ${MOST_PARTS} conditions`,
)

/** A named condition, as a person writes it. */
export const segmentSchema = z
  .strictObject({
    name: segmentName.meta({ title: 'Name', description: 'By which rules ask for it.' }),
    title: z.string().trim().min(1).max(100).meta({ title: 'Title' }),
    definition: definitionSchema.meta({ title: 'Who is in it' }),
  })
  .meta({ title: 'Segment' })
export type Segment = z.infer<typeof segmentSchema>

/** What is nested without end is refused before anything reads it to its end. */
function boundedDepth<T extends z.ZodType>(schema: T) {
  return z
    .unknown()
    .refine(
      (written) => isShallow(written, 2 * DEEPEST),
      `conditions lie more than ${DEEPEST} deep in each other`,
    )
    .pipe(schema)
    .refine((definition) => depthOf(definition as Condition) <= DEEPEST, {
      error: `conditions lie more than ${DEEPEST} deep in each other`,
    })
}

function isShallow(written: unknown, left: number): boolean {
  if (typeof written !== 'object' || written === null) return true
  return left > 0 && Object.values(written).every((part) => isShallow(part, left - 1))
}

/** What a definition asks beyond the facts of all time. */
export function asksFor(definition: Condition, type: Condition['type']): boolean {
  return definition.type === type || partsOf(definition).some((part) => asksFor(part, type))
}
