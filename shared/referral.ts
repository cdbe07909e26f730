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

/** Of a link: the letters and digits behind `ref_`. */
const invitationSchema = z.string().regex(/^[2-9a-hj-km-np-z]{10}$/)

export const linkOf = (botName: string, code: string) => `https://t.me/${botName}?start=ref_${code}`

/** The code in what Telegram hands on from a link; undefined where it is none of ours. */
export function invitationOf(startParameter: string | undefined): string | undefined {
  const [prefix, code] = [startParameter?.slice(0, 4), startParameter?.slice(4)]
  return prefix === 'ref_' ? invitationSchema.safeParse(code).data : undefined
}
