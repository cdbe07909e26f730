import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { idSchema, programmeQuery } from './list.ts'

// What a campaign would have cost, or a rule book given: purchases of the latest days judged again. It takes its time, so it is
// asked for, and how far it is is read.

const longestDays = 92
export const trialQuerySchema = z.object({
  ...programmeQuery,
  days: z.coerce.number().int().min(1).max(longestDays).default(30),
})

/** A trial, with what came of it. */
const trialOf = <Result extends z.ZodType>(result: Result) =>
  z.object({
    version: z.int().describe('of the campaign that is tried; of the book that a new one follows upon'),
    days: z.int(),
    state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
    askedBy: z.string(),
    askedAt: instantSchema,
    endedAt: instantSchema.nullable(),
    purchases: z.int().nullable().describe('of the period'),
    judged: z.int(),
    result: result.nullable(),
    problem: z.string().nullable(),
  })

const countedAnew = z
  .int()
  .describe('purchases of which something had to be counted that was not kept with them')

/** Why a rule gave nothing, and how often; null: the cashback of the base. */
const skippedSchema = z.array(
  z.object({ id: z.string().nullable(), title: z.string().nullable(), why: z.string(), times: z.int() }),
)

const isSeen = z.boolean().describe('it ended within the days that were tried; else they would go on alike')

const exampleSchema = z.object({
  operation: z.string(),
  customer: idSchema,
  at: instantSchema,
  store: z.object({ id: idSchema, name: z.string() }),
  kopecks: z.int(),
  points: z.int(),
})

/** What its rules would have given to the purchases of the days before it was asked, each judged again, and its gift to the audience of then. */
const campaignResultSchema = z.object({
  purchases: z.int(),
  points: z.int().describe('by its rules, no more than their budget'),
  gift: z.object({ people: z.int(), points: z.int() }),
  rules: z
    .array(z.object({ id: z.string(), title: z.string(), points: z.int(), awards: z.int() }))
    .describe('as if there were no budget, and so are stores, customers and examples'),
  stores: z.array(z.object({ id: z.int(), name: z.string(), points: z.int() })),
  customers: z
    .object({ some: z.int(), many: z.int(), above: z.int() })
    .describe('with any; with more than so many'),
  budget: z
    .object({
      limit: z.int(),
      needed: z.int().describe('what its rules would have given without it'),
      lastsDays: z
        .int()
        .nullable()
        .describe('on which of its days it is used up, by these purchases; null: it would last for years'),
      isSeen,
      begins: z.string().describe('the first day of the campaign, or that of the trial'),
      usedUpOn: z.string().nullable(),
    })
    .nullable()
    .default(null),
  skipped: skippedSchema.default([]),
  examples: z.array(exampleSchema).default([]).describe('those that would have got most'),
  countedAnew,
})
export type CampaignResult = z.infer<typeof campaignResultSchema>
export const campaignTrialSchema = trialOf(campaignResultSchema)
export type CampaignTrial = z.infer<typeof campaignTrialSchema>
export const trialReplySchema = z.object({ trial: campaignTrialSchema })

const beside = { before: z.int(), after: z.int() }
/** What the purchases of the days before would have earned by a book, beside what they did. */
const bookResultSchema = z.object({
  purchases: z.int(),
  points: z.object(beside),
  rules: z.array(
    z.object({ id: z.string().nullable(), title: z.string().nullable(), ...beside, awards: z.int() }),
  ),
  stores: z.array(z.object({ id: z.int(), name: z.string(), ...beside })),
  customers: z.object({ better: z.int(), worse: z.int(), same: z.int() }),
  budgets: z.array(
    z.object({
      ...{ id: z.string(), title: z.string(), period: z.string(), store: z.string().nullable() },
      ...{ ...beside, limit: z.int().nullable().describe('null: the new book has no such budget') },
      end: z
        .object({ on: z.string(), isSeen })
        .nullable()
        .default(null)
        .describe('when it would be used up; null: it would last for its period, or for years'),
    }),
  ),
  skipped: skippedSchema,
  examples: z
    .array(exampleSchema.extend({ before: z.int() }))
    .describe('those that would have got most more, and most less'),
  countedAnew,
})
export type BookResult = z.infer<typeof bookResultSchema>
const bookTrialSchema = trialOf(bookResultSchema).extend({
  document: z.unknown().describe('the book that is tried'),
})
export type BookTrial = z.infer<typeof bookTrialSchema>

export const bookTrialQuerySchema = z.object(programmeQuery)
export const bookTrialRequestSchema = z.strictObject({
  programme: z.coerce.number().pipe(idSchema).optional(),
  document: z.unknown().describe('a rule book, as `book.publish` takes it'),
  follows: idSchema.describe('the version that it was made from'),
  days: z.int().min(1).max(longestDays).default(30),
})
/** The latest one of who asks. */
export const bookTrialReplySchema = z.object({ trial: bookTrialSchema.nullable() })
export type BookTrialReply = z.infer<typeof bookTrialReplySchema>
