import { z } from 'zod'

/** Money and points of one rule are bounded like those of a purchase. */
const kopecks = z.int().min(0).max(1_000_000_000)
const days = z.int().min(0).max(3650)

/** What must be true of a purchase for a rule to give anything; all of a rule's conditions together. */
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
])
export type Condition = z.infer<typeof conditionSchema>

const awardSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('percent'),
      basis_points: z.int().min(1).max(10_000).meta({ title: 'Share', unit: 'basis points' }),
    })
    .meta({ title: 'A share of what is paid in money' }),
  z
    .strictObject({
      type: z.literal('points'),
      points: z.int().min(1).max(100_000).meta({ title: 'Points', unit: 'points' }),
    })
    .meta({ title: 'A number of points' }),
])

export const ruleSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/, 'lower-case letters, digits and dashes, beginning with a letter')
      .meta({ title: 'Id', description: 'Never used again with another meaning.' }),
    title: z.string().trim().min(1).max(200).meta({ title: 'Title' }),
    when: z.array(conditionSchema).max(20).default([]).meta({ title: 'Conditions' }),
    award: awardSchema.meta({ title: 'Award' }),
    lifetime_days: days.min(1).optional().meta({ title: 'Lifetime of its points', unit: 'days' }),
    activation_days: days.optional().meta({ title: 'Until its points can be spent', unit: 'days' }),
    cap_points: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ title: 'At most, a receipt', unit: 'points' }),
  })
  .meta({ id: 'Rule', title: 'Rule' })
export type Rule = z.infer<typeof ruleSchema>
