import { z } from 'zod'
import { type Base, type Book, baseOf, baseSchema, noLadder } from './rules/book.ts'
import type { Instant } from './time.ts'

/** What a customer shows to spend points: anything that names the card, or a live code of the Mini App. */
export const redeemProofSchema = z.enum(['none', 'signed_code'])

/** Whose purchases a till takes goods back of: its own store's, or those of any store of the programme. */
export const returnsOfSchema = z.enum(['store', 'programme'])

/**
 * What a programme is run by, each with its default. Stored as one document, so a setting added later
 * needs no migration: an old document simply reads with the default, and what a newer version has added
 * does not disturb an older process beside it. What judges points is not here but in its rule books.
 */
export const settingsSchema = z.object({
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
  typed_limit_kopecks: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(3_000_000)
    .describe('whole kopecks: an amount typed by hand above it needs the PIN of the register'),
  return_days: z
    .int()
    .min(0)
    .max(3650)
    .default(14)
    .describe('goods that come back later than so many days need the PIN of the register'),
  returns_of: returnsOfSchema.default('store'),
  max_open_holds: z.int().min(1).max(1000).default(5),
})
export type Settings = z.infer<typeof settingsSchema>

/** Settings and the base of the valid book, one beside the other: what people and older registers are told. */
export const programmeSchema = z.object({ ...baseSchema.shape, ...settingsSchema.shape })
export type Programme = z.infer<typeof programmeSchema>

export const defaultProgramme: Programme = programmeSchema.parse({})

/** The book that says no more than these settings. */
export function bookOfBase(
  base: Partial<Base>,
  { version = 1, validFrom = 0 as Instant, timeZone = 'UTC' } = {},
): Book {
  return { base: baseOf(base), ...noLadder, rules: [], budgets: [], limits: {}, version, validFrom, timeZone }
}
