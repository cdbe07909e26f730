import { z } from 'zod'
import { DAY, type Instant, startOfUtcDay } from './time.ts'

const basisPoints = z.int().min(0).max(10_000)

/** What a customer shows to spend points: anything that names the card, or a live code of the Mini App. */
export const redeemProofSchema = z.enum(['none', 'signed_code'])

/**
 * The programme's rules, each with its default. Stored as one document, so a rule added later
 * needs no migration: an old document simply reads with the default, and what a newer version has added
 * does not disturb an older process beside it.
 */
export const programmeSchema = z.object({
  cashback_basis_points: basisPoints.default(400),
  max_discount_basis_points: basisPoints.default(2000),
  lifetime_days: z.int().min(1).max(3650).default(45),
  min_purchase_kopecks: z.int().min(1).max(100_000_000).default(1),
  max_purchase_kopecks: z.int().min(1).max(1_000_000_000).default(100_000_000),
  welcome_bonus_points: z.int().min(0).max(10_000).default(0),
  hold_seconds: z.int().min(1).max(3600).default(90),
  duplicate_window_seconds: z.int().min(0).max(3600).default(10),
  history_shown_days: z.int().min(1).max(3650).default(45),
  history_retention_days: z.int().min(60).max(36_500).default(400),
  card_digits: z
    .union([6, 7, 9, 10, 11, 12].map((digits) => z.literal(digits)))
    .default(6)
    .describe('8 is taken by the QR form: 99 and six digits'),
  redeem_proof: redeemProofSchema.default('none'),
  offline_customers_days: z.int().min(1).max(3650).default(180),
  max_open_holds: z.int().min(1).max(1000).default(5),
})
export type Programme = z.infer<typeof programmeSchema>

export const defaultProgramme: Programme = programmeSchema.parse({})

/** Earned on UTC day D, dead at 00:00 UTC of D + lifetime: 7 December + 45 days is 21 January 00:00. */
export function lotExpiresAt(earnedAt: Instant, programme: Programme): Instant {
  return startOfUtcDay(earnedAt) + programme.lifetime_days * DAY
}

/** Points never come back dead: a lot that gets points back lives to the end of the next UTC day at least. */
export function returnedLotExpiresAt(expiresAt: Instant, now: Instant): Instant {
  return Math.max(expiresAt, startOfUtcDay(now) + 2 * DAY)
}
