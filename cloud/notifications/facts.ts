import { z } from 'zod'

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

/** What a notification says, as its row holds it. A reminder counts the points only when it is sent. */
export const notificationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal(['earned', 'spent', 'refunded']), facts: purchaseFacts }),
  z.object({ kind: z.literal('welcome'), facts: welcomeFacts }),
  z.object({
    kind: z.literal('expiring'),
    reference: z.iso.date().transform((day) => Date.parse(`${day}T00:00:00.000Z`)),
  }),
])
export type Notification = z.infer<typeof notificationSchema>
