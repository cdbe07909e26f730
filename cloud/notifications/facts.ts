import { z } from 'zod'
import { referralFacts } from '../referrals/facts.ts'

const kopecks = z.int().nonnegative()
const purchaseFacts = z.object({
  /** When it happened in the shop, which may be long before it reached us. */
  at: z.int(),
  storeId: z.int().nullable(),
  purchaseKopecks: kopecks.nullable(),
  refundKopecks: kopecks.nullable(),
  /** Of a refund: what was taken back, and what came back, both below 0. */
  earned: z.int(),
  spent: z.int(),
  /** As this operation left them. */
  available: z.int().nonnegative(),
  debt: z.int().nonnegative(),
})
export type PurchaseFacts = z.infer<typeof purchaseFacts>

/** The debt came along from a card that they had erased. */
const welcomeFacts = z.object({ bonus: z.int().nonnegative(), debt: z.int().nonnegative().default(0) })

/** What became of their status. What is missing is of the measure of the book of that day. */
const statusFacts = z.discriminatedUnion('what', [
  z.object({ what: z.literal('up'), title: z.string(), benefits: z.array(z.string()) }),
  z.object({
    what: z.literal('at_risk'),
    title: z.string(),
    metric: z.enum(['net_purchases', 'purchases', 'earned_points']),
    missing: z.int(),
    /** Until the beginning of this day it can still be kept. */
    until: z.int(),
  }),
  z.object({ what: z.literal('down'), title: z.string().nullable() }),
])
export type StatusFacts = z.infer<typeof statusFacts>

/** Another card became theirs, with what there was on it. */
const mergedFacts = z.object({
  card: z.string(),
  points: z.int().nonnegative(),
  available: z.int().nonnegative(),
  debt: z.int().nonnegative(),
})
export type MergedFacts = z.infer<typeof mergedFacts>

/** What a notification says, as its row holds it. A reminder counts the points only when it is sent. */
export const notificationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal(['earned', 'spent', 'refunded']), facts: purchaseFacts }),
  z.object({ kind: z.literal('welcome'), facts: welcomeFacts }),
  z.object({ kind: z.literal('status'), facts: statusFacts }),
  z.object({ kind: z.literal('merged'), facts: mergedFacts }),
  z.object({ kind: z.literal('referral'), facts: referralFacts }),
  // Of a batch: what it gives is in its terms.
  z.object({ kind: z.literal('voucher'), reference: z.coerce.number().int() }),
  // What they say is written when they are sent: by the campaign, and of the customer, as they are then.
  z.object({ kind: z.literal('campaign'), reference: z.coerce.number().int() }),
  z.object({ kind: z.literal('campaign_test'), facts: z.object({ campaign: z.int() }) }),
  z.object({
    kind: z.literal('expiring'),
    reference: z.iso.date().transform((day) => Date.parse(`${day}T00:00:00.000Z`)),
  }),
])
export type Notification = z.infer<typeof notificationSchema>
