import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { budgetGivenSchema } from './books.ts'
import { idSchema, programmeQuery, storeQuery } from './list.ts'

// The four questions of the first page: what is owed, what expires when, whether members come back, and what is off today.

/** Whether members come back takes the longest to count. */
export const homeQuestions = ['now', 'members'] as const

export const homeQuerySchema = z.object({
  ...programmeQuery,
  ...storeQuery,
  of: z
    .enum(homeQuestions)
    .optional()
    .describe('one of the two alone: what is owed, expires and is off now, or whether members come back'),
})

const pointsSchema = z.object({ points: z.int(), kopecks: z.int() })

/** Of an age: since the points could be spent. Those that wait for that are an item of their own. */
const agedSchema = z.object({
  age: z.enum(['waiting', 'week', 'month', 'quarter', 'older']),
  points: z.int(),
})
/** Of a calendar month of the programme, `2026-12`. */
const monthSchema = z.object({ month: z.string(), points: z.int() })

/** What the programme owes: points that have not died, waiting and held ones among them. 1 point is 100 kopecks. */
export const owedSchema = z.object({
  ...pointsSchema.shape,
  customers: z.int().describe('who have any'),
  held: z.int().describe('of points: taken for discounts that are not settled, and in no other figure'),
  byAge: z.array(agedSchema).describe('all ages, also those without points'),
  byExpiry: z.array(monthSchema).describe('the earliest first'),
  asOf: instantSchema,
})
export type Owed = z.infer<typeof owedSchema>

const soonSchema = z.object({ days: z.int(), ...pointsSchema.shape, customers: z.int() })

/** The same figure of 30 days and of the 30 before; null where it cannot be told. */
const comparedSchema = z.object({ now: z.number().nullable(), before: z.number().nullable() })

export const homeSchema = z.object({
  programme: z.object({ id: idSchema, name: z.string(), timeZone: z.string() }),
  /** Null for whoever sees a part of the stores: points are of the programme; and where `of` is `members`. */
  owed: owedSchema.nullable(),
  expiring: z
    .object({ within: z.array(soonSchema).describe('7 and 30 days'), asOf: instantSchema })
    .nullable(),
  members: z
    .object({
      days: z.int().describe('how long each of the two periods is'),
      active: comparedSchema.describe('who bought anything'),
      joined: comparedSchema.describe('new customers'),
      repeatBasisPoints: comparedSchema.describe('of the active ones: who bought twice or more'),
      purchases: comparedSchema,
      kopecks: comparedSchema.describe('paid in money'),
      earned: comparedSchema.describe('by purchases; what returned goods took back is not taken off'),
      spent: comparedSchema.describe('on purchases, likewise'),
      receiptsWithCardBasisPoints: comparedSchema.describe(
        'null: no register has said how many receipts it had in all',
      ),
      byDay: z
        .array(
          z.object({
            ...{ day: z.string(), purchases: z.int(), kopecks: z.int(), earned: z.int(), spent: z.int() },
          }),
        )
        .describe('both periods, days of the programme; a day without purchases is there with noughts'),
      asOf: instantSchema,
    })
    .nullable()
    .describe('null where `of` is `now`'),
  off: z
    .object({
      frozenSince: instantSchema.nullable().describe('since when nobody earns or spends'),
      registers: z
        .object({
          all: z.int(),
          silent: z.array(
            z.object({ id: idSchema, name: z.string(), store: z.string(), lastSeenAt: instantSchema }),
          ),
          concerned: z.int().describe('with anything that IT should look at'),
        })
        .nullable()
        .describe('null: this account may not see registers'),
      discrepancies: z
        .object({ open: z.int(), oldestAt: instantSchema.nullable() })
        .nullable()
        .describe('null: nor these'),
      proposals: z
        .object({ open: z.int(), toReview: z.int(), oldestAt: instantSchema.nullable() })
        .nullable()
        .describe('null: nor these'),
      budgets: z
        .array(budgetGivenSchema)
        .nullable()
        .describe(
          'nearly or wholly given in their present period; null: nor these, nor for a part of the stores',
        ),
      jobs: z
        .array(z.object({ job: z.string(), error: z.string(), failedAt: instantSchema }))
        .nullable()
        .describe('that failed and have not gone well since; null for whoever sees a part of the cloud'),
      asOf: instantSchema,
    })
    .nullable()
    .describe('null where `of` is `members`'),
})
export type Home = z.infer<typeof homeSchema>
