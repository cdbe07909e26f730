import { z } from 'zod'
import { instantSchema } from '../operation.ts'
import { owedSchema } from './home.ts'
import { csvQuery, idSchema, namedSchema, programmeQuery, storeQuery, timeQuery } from './list.ts'

export const liabilityQuerySchema = z.object({
  ...programmeQuery,
  at: timeQuery.optional().describe('any moment of the history that is kept; now if left out'),
  since: timeQuery
    .optional()
    .describe('a moment before that: how it came from there to here is told as well'),
  ...csvQuery,
})
/** Points that had not died at a moment: the sum of the ledger's entries up to it. */
export const liabilitySchema = z.object({
  ...owedSchema.shape,
  byStore: z
    .array(z.object({ store: namedSchema.nullable(), points: z.int(), customers: z.int() }))
    .describe('by the store where the customer buys most; null: who has not bought anything'),
  flow: z
    .object({
      since: instantSchema,
      opening: z.int().describe('what was owed then'),
      parts: z
        .array(
          z.object({
            cause: z
              .enum(['earned', 'given', 'spent', 'givenBack', 'takenBack', 'adjusted', 'moved', 'died'])
              .describe(
                'spent: and held at tills; givenBack, takenBack: with returned goods; moved: to another card, and before the ledger',
              ),
            points: z.int().describe('less than 0: taken away'),
          }),
        )
        .describe('with what was owed then their sum is what is owed'),
    })
    .nullable()
    .describe('null: `since` was left out'),
  earliest: instantSchema.describe('the first moment that can be asked for'),
})
export type Liability = z.infer<typeof liabilitySchema>

export const expiryQuerySchema = z.object({ ...programmeQuery, ...csvQuery })
export const expirySchema = z.object({
  ahead: z
    .array(
      z.object({
        month: z.string(),
        points: z.int(),
        customers: z.int(),
        expected: z.int().nullable().describe('what will be left of it, if customers spend as they did'),
      }),
    )
    .describe('if nobody spent anything; the present month first'),
  behind: z
    .array(z.object({ month: z.string(), due: z.int(), expired: z.int() }))
    .describe('points that could die in a month, and those that did; the latest twelve, the earliest first'),
  expiredBasisPoints: z.number().nullable().describe('the share of those twelve months'),
  asOf: instantSchema,
})
export type Expiry = z.infer<typeof expirySchema>

const storeFigures = {
  purchases: z.int(),
  customers: z.int(),
  kopecks: z.int().describe('paid in money'),
  averageKopecks: z.int().nullable(),
  earned: z.int(),
  spent: z.int(),
}
/** Each in basis points, of the purchases where it says nothing else; null where there were none. */
const storeShares = {
  redemption: z.number().nullable().describe('purchases with a discount'),
  refunds: z.number().nullable(),
  notTaken: z.number().nullable().describe('of the redemptions: those whose discount 1C did not take'),
  typed: z.number().nullable().describe('the amount was typed by hand'),
  duplicates: z
    .number()
    .nullable()
    .describe('equal to one of the same customer shortly before, and confirmed by the cashier'),
  parked: z.number().nullable().describe('what a register could not get executed'),
}
export type StoreShare = keyof typeof storeShares

export const storesReportQuerySchema = z.object({
  ...programmeQuery,
  since: timeQuery.optional().describe('30 days before `until` if left out'),
  until: timeQuery.optional(),
  ...csvQuery,
})
export const storesReportSchema = z.object({
  stores: z.array(
    z.object({
      store: z.object({ id: idSchema, name: z.string() }),
      ...storeFigures,
      shares: z.object(storeShares),
      outliers: z.array(z.string()).describe('shares that are far from that of the store in the middle'),
    }),
  ),
  all: z.object({ ...storeFigures, shares: z.object(storeShares) }),
  since: instantSchema,
  until: instantSchema,
  asOf: instantSchema,
})
export type StoresReport = z.infer<typeof storesReportSchema>

const dayQuery = z.iso
  .date()
  .refine((day) => day >= '2000-01-01' && day < '3000-01-01', 'a year from 2000 to 2999')
export const daysReportQuerySchema = z.object({
  ...programmeQuery,
  ...storeQuery,
  since: dayQuery.optional().describe('30 days with `until` if left out'),
  until: dayQuery.optional().describe('the last day, by the clock of each store; today if left out'),
  ...csvQuery,
})
/** Of purchases with a card: registers tell of no others. */
export const daysReportSchema = z.object({
  days: z
    .array(
      z.object({
        day: z.string().describe('by the clock of the store'),
        store: z.object({ id: idSchema, name: z.string() }),
        operations: z.int(),
        purchases: z.int(),
        kopecks: z.int().describe('paid in money'),
        refunds: z.int(),
        refundKopecks: z.int(),
        earned: z.int().describe('by purchases'),
        spent: z.int().describe('on purchases'),
        takenBack: z.int().describe('of earned ones, with returned goods'),
        givenBack: z.int().describe('of spent ones, with returned goods'),
      }),
    )
    .describe('the latest day first; one on which a store did nothing is not among them'),
  since: z.string(),
  until: z.string(),
  asOf: instantSchema,
})
export type DaysReport = z.infer<typeof daysReportSchema>
