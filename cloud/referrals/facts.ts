import { z } from 'zod'
import { reasons } from './judge.ts'

const side = z.enum(['referrer', 'referee'])
const reason = z.enum(reasons)
const hope = {
  points: z.int().nonnegative(),
  minKopecks: z.int().nonnegative(),
  waitDays: z.int().nonnegative(),
}

/** The facts about an invitation that are told to the two customers. */
export const referralFacts = z.discriminatedUnion('what', [
  z.object({ what: z.literal(['joined', 'invited']), ...hope }),
  z.object({ what: z.literal('checked') }),
  z.object({ what: z.literal('rewarded'), side, points: z.int().positive() }),
  z.object({ what: z.literal('rejected'), side, reason }),
  z.object({ what: z.literal('taken_back'), side, points: z.int().positive(), reason }),
])
export type ReferralFacts = z.infer<typeof referralFacts>
