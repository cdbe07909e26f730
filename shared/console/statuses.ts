import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { listQuery, pageOf, programmeQuery, timeQuery } from './list.ts'

/** Upwards, downwards, or to another one of a book that has other ones. */
export const statusMoves = ['up', 'down', 'other'] as const
export type StatusMove = (typeof statusMoves)[number]

export const statusesQuerySchema = z.object({
  ...programmeQuery,
  since: timeQuery.optional().describe('of the changes that are counted; 30 days ago if left out'),
})

/** The statuses with their customers, and how many came to each and left it. */
export const statusesSchema = z.object({
  metric: z.enum(['net_purchases', 'purchases', 'earned_points']),
  customers: z.int(),
  /** From the lowest to the highest. */
  statuses: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      colour: z.string(),
      from: z.int().describe('of the measure: kopecks, purchases or points'),
      cashbackBasisPoints: z.int(),
      customers: z.int(),
      byHand: z.int().describe('of them, who has it because a person gave it'),
      noticed: z.int().describe('of them, who was told that it ends'),
      came: z.int().describe('since then, from any other'),
      left: z.int(),
    }),
  ),
  without: z.int().describe('who has none, or one that the book does not have any more'),
  since: instantSchema,
  moved: z.object({ up: z.int(), down: z.int(), other: z.int() }),
  asOf: instantSchema,
})
export type Statuses = z.infer<typeof statusesSchema>

export const statusChangesQuerySchema = z.object({
  ...statusesQuerySchema.shape,
  move: z.enum(statusMoves).optional(),
  ...listQuery,
})

const statusChangeSchema = z.object({
  id: z.string(),
  customer: z.object({ id: z.int(), card: z.string(), firstName: z.string().nullable() }),
  at: instantSchema,
  before: z.string().nullable(),
  after: z.string().nullable(),
  move: z.enum(statusMoves),
  cause: z.string(),
  until: instantSchema.nullable(),
  who: z.string(),
  reason: z.string().nullable(),
})
export type StatusChange = z.infer<typeof statusChangeSchema>

/** The latest first. A file of it has no names. */
export const statusChangesSchema = pageOf('changes', statusChangeSchema)
