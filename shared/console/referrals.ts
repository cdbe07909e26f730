import { z } from 'zod'
import { instantSchema, operationIdSchema } from '../operation.ts'
import { listQuery, namedSchema, pageOf, programmeQuery, storeQuery } from './list.ts'

const referralStates = ['waiting', 'flagged', 'rewarded', 'rejected', 'taken_back'] as const

export const referralsQuerySchema = z.object({
  ...programmeQuery,
  ...storeQuery,
  state: z.enum(referralStates).optional(),
  ...listQuery,
})

const customerSchema = z.object({ id: z.int(), card: z.string() })

const referralSchema = z.object({
  /** The friend, and the customer whose link it was. */
  referee: customerSchema,
  referrer: customerSchema,
  invitedAt: instantSchema,
  state: z.enum(referralStates),
  reason: z
    .enum(['self', 'customer_before', 'circle', 'over_month', 'staff', 'returned', 'left', 'person'])
    .nullable()
    .describe('why nothing is given, or what was given was taken back'),
  note: z.string().nullable().describe('what the person wrote who decided'),
  decidedBy: z.string().nullable(),
  isReleased: z.boolean().describe('a person holds it for honest'),
  /** The first one of the friend that meets the terms. */
  purchase: z
    .object({
      id: operationIdSchema,
      at: instantSchema,
      store: namedSchema.nullable(),
      register: namedSchema.nullable(),
    })
    .nullable(),
  dueAt: instantSchema.nullable().describe('when it is looked at again'),
  settledAt: instantSchema.nullable(),
  referrerPoints: z.int(),
  refereePoints: z.int(),
})
export type Referral = z.infer<typeof referralSchema>

/** The latest first. */
export const referralsSchema = pageOf('referrals', referralSchema)
