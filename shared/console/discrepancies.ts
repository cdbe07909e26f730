import { z } from 'zod'
import { holdStateSchema, instantSchema, operationIdSchema } from '../operation.ts'
import { idSchema, listQuery, namedSchema, pageOf, programmeQuery, storeQuery } from './list.ts'

const discrepancyKinds = ['hold_in_doubt', 'late_apply', 'audit', 'parked'] as const

export const discrepanciesQuerySchema = z.object({
  ...programmeQuery,
  ...storeQuery,
  kind: z.enum(discrepancyKinds).optional(),
  state: z.enum(['open', 'settled', 'all']).default('open'),
  ...listQuery,
})

/** What is known beside what was told, for whoever settles it. */
const discrepancySchema = z.object({
  id: idSchema,
  kind: z.enum(discrepancyKinds),
  reference: z.string().describe('a hold, an operation, or what of the audit'),
  customer: z.object({ id: z.int(), card: z.string(), firstName: z.string().nullable() }).nullable(),
  store: namedSchema.nullable(),
  register: namedSchema.nullable(),
  details: z.record(z.string(), z.unknown()).describe('as it was filed'),
  /** Of the redemption that it is about. */
  hold: z
    .object({
      state: holdStateSchema,
      points: z.int(),
      purchaseKopecks: z.int(),
      askedAt: instantSchema,
      until: instantSchema,
      resolvedBy: operationIdSchema.nullable(),
    })
    .nullable(),
  /** The same customer's purchases of that day: the receipt that 1C printed after all is often among them. */
  nearby: z.array(
    z.object({
      id: operationIdSchema,
      at: instantSchema,
      kind: z.enum(['earn', 'redeem']),
      store: namedSchema.nullable(),
      purchaseKopecks: z.int(),
      receipt: z.string().nullable(),
    }),
  ),
  settleAs: z
    .array(z.enum(['applied', 'released', 'noted']))
    .describe('what `discrepancy settle` takes; empty: settled'),
  filedAt: instantSchema,
  settledAt: instantSchema.nullable(),
  settledBy: z.string().nullable(),
  settlement: z.string().nullable(),
})
export type Discrepancy = z.infer<typeof discrepancySchema>

/** The latest first. */
export const discrepanciesSchema = pageOf('discrepancies', discrepancySchema)
