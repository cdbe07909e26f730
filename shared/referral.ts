import { z } from 'zod'
import type { Reading } from './reading.ts'
import { referralTermsSchema } from './rules/referral.ts'

/** What a customer's own link brings: of the customer to who invites, and to a friend. */
export const myReferralSchema = z
  .object({
    code: z.string(),
    /** Null while the cloud does not know what its bot is called. */
    link: z.string().nullable(),
    /** Null: the programme gives nothing for it. */
    terms: referralTermsSchema.nullable(),
    counts: z.object({ invited: z.int(), bought: z.int(), waiting: z.int(), rewarded: z.int() }),
    points: z.object({ month: z.int(), total: z.int() }),
  })
  .meta({ id: 'MyReferral' })
export type MyReferral = z.infer<typeof myReferralSchema>
export type HeardMyReferral = Reading<MyReferral>
