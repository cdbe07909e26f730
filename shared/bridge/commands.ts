import { z } from 'zod'
import { cardSchema } from '../card.ts'
import { displayWishSchema } from '../display.ts'
import { operationIdSchema } from '../operation.ts'
import { textSchema } from '../text.ts'
import { preferencesSchema } from './preferences.ts'
import type { FoundPurchases, Returned } from './returns.ts'
import type { Snapshot } from './snapshot.ts'

const kopecksSchema = z.int().min(1).max(1_000_000_000)
const codeSchema = z.string().trim().min(1).max(500)
const pinSchema = z.string().regex(/^\d{4,8}$/, '4 to 8 digits')
const folderSchema = textSchema(500)
const cloudUrlSchema = z.url({ protocol: /^https?$/ }).max(300)

/** What a screen may ask of the register. An amount goes along, so that what was tapped is what was seen. */
export const commandSchemas = {
  /** A card, what somebody shows instead of one, or a voucher. */
  findCustomer: z.strictObject({ code: codeSchema }),
  /** Above the limit of the programme the PIN goes along. */
  typeAmount: z.strictObject({ purchaseKopecks: kopecksSchema, pin: pinSchema.optional() }),
  earn: z.strictObject({ purchaseKopecks: kopecksSchema, confirmDuplicate: z.boolean().optional() }),
  redeem: z
    .strictObject({
      purchaseKopecks: kopecksSchema,
      points: z.int().min(0),
      confirmDuplicate: z.boolean().optional(),
      /** The voucher that was shown goes along. */
      withVoucher: z.boolean().optional(),
    })
    .refine(({ points, withVoucher }) => points >= 1 || withVoucher === true, 'no points need a voucher'),
  /** A voucher of the customer who stands there, or of the next one: typed, or scanned. */
  showVoucher: z.strictObject({ code: codeSchema }),
  /** What the goods cost that the voucher gives, where 1C has not said it. */
  priceVoucherItem: z.strictObject({ purchaseKopecks: kopecksSchema, itemKopecks: kopecksSchema }),
  /** Goes on without it. */
  dropVoucher: z.strictObject({}),
  /** Shows what fewer points than all would do; nothing moves. */
  choosePoints: z.strictObject({ purchaseKopecks: kopecksSchema, points: z.int().min(1) }),
  /** Two cards are one person's: the phone's, and the plastic one. Points and purchases become one customer's. */
  merge: z.strictObject({ card: cardSchema, otherCard: cardSchema }),
  /** The two cards are two people's; the question is not asked again. */
  keepApart: z.strictObject({ card: cardSchema, otherCard: cardSchema }),
  /** The screen shows the code by which a customer joins here, and is told of whoever does. */
  expectJoin: z.strictObject({}),
  /** The note about this new customer is taken away. */
  hideJoined: z.strictObject({ card: cardSchema }),
  /** Takes back what can be taken back, and otherwise leaves what the screen shows. */
  cancel: z.strictObject({}),
  refund: z.strictObject({ operationId: operationIdSchema, refundKopecks: kopecksSchema.optional() }),
  /** Purchases whose goods could come back: by one of these, those of this register where the cloud does not answer. */
  findPurchases: z.strictObject({
    receipt: textSchema(200).optional(),
    /** A card, or what somebody shows instead. */
    card: codeSchema.optional(),
    daysAgo: z.int().min(0).max(400).optional(),
  }),
  /** What returning so much of its money would do; nothing moves. */
  previewReturn: z.strictObject({ operationId: operationIdSchema, refundKopecks: kopecksSchema }),
  /** Of a purchase that was found: the whole, or so much of its money. Late, the PIN goes along. */
  returnPurchase: z.strictObject({
    operationId: operationIdSchema,
    refundKopecks: kopecksSchema.optional(),
    pin: pinSchema.optional(),
  }),
  retryParked: z.strictObject({ operationId: operationIdSchema }),
  handOverParked: z.strictObject({ operationId: operationIdSchema }),
  /** The PIN is asked for once one was set. */
  enrol: z.strictObject({
    cloudUrl: cloudUrlSchema,
    code: codeSchema,
    exchangeFolder: folderSchema,
    /** What the chain's people call this register; where nothing is said, the name of the machine. */
    name: textSchema(100).optional(),
    pin: pinSchema.optional(),
  }),
  /** Writes, reads and removes a file where 1C and the register would meet. */
  testExchange: z.strictObject({ folder: folderSchema }),
  saveSettings: z.strictObject({
    pin: pinSchema.optional(),
    newPin: pinSchema.optional(),
    exchangeFolder: folderSchema.optional(),
    preferences: preferencesSchema.optional(),
    display: displayWishSchema.optional(),
  }),
  /** Writes what an engineer needs to know of this register into a file. */
  writeDiagnostics: z.strictObject({ pin: pinSchema.optional() }),
  /** Looks for a newer version, and installs it as soon as nobody is at work. */
  installUpdate: z.strictObject({ pin: pinSchema.optional() }),
} as const

export type CommandName = keyof typeof commandSchemas
export type CommandInput<K extends CommandName> = z.input<(typeof commandSchemas)[K]>

interface CommandValues {
  findPurchases: FoundPurchases
  previewReturn: Returned
  enrol: { register: string; store: string }
  writeDiagnostics: { path: string }
}
type CommandValue<K> = K extends keyof CommandValues ? CommandValues[K] : null

/** Why a command did nothing at all. */
export type CommandRefusal =
  | 'malformed'
  | 'busy'
  | 'not_enrolled'
  | 'product_code'
  | 'not_a_card'
  | 'not_a_voucher'
  | 'no_voucher'
  | 'item_above_purchase'
  | 'no_customer'
  | 'no_amount'
  | 'amount_changed'
  | 'amount_is_of_1c'
  | 'amount_out_of_range'
  | 'card_frozen'
  | 'cannot_redeem'
  | 'not_refundable'
  | 'more_than_paid'
  | 'late_return'
  | 'late_return_no_pin'
  | 'not_parked'
  | 'cloud_away'
  | 'pin_needed'
  | 'no_pin'
  | 'wrong_pin'
  | 'too_many_attempts'
  | 'wrong_code'
  | 'not_a_cloud'
  | 'folder_not_usable'
  | 'not_https'
  | 'not_written'
  | 'no_updates'
  | 'failed'

export type CommandReply<K extends CommandName> =
  | { ok: true; value: CommandValue<K> }
  | { ok: false; code: CommandRefusal; message: string }

/** The register, as any screen sees it: commands in, one snapshot out. */
export type RegisterApi = { [K in CommandName]: (input: CommandInput<K>) => Promise<CommandReply<K>> } & {
  snapshot(): Snapshot
  /** Calls with every later snapshot, until the function it returns is called. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void
}
