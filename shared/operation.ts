import { z } from 'zod'
import { cardSchema } from './card.ts'
import { itemsSchema } from './items.ts'
import { reading } from './reading.ts'
import { refusalCodeSchema } from './refusal.ts'
import { textSchema } from './text.ts'

/** UUIDv7 from our own code; any RFC 9562 UUID is taken. One spelling, so that equal ids compare equal. */
export const operationIdSchema = z.uuid().toLowerCase()

/** ISO 8601 UTC with milliseconds, exactly as `Date.prototype.toISOString` writes it. */
export const instantSchema = z.iso
  .datetime({ precision: 3, offset: false })
  .refine((text) => !text.startsWith('0000'), 'there is no year 0')

const noteSchema = textSchema(200)

/** Types are checked at the door; ranges are rules, and the ledger answers them with their own refusal. */
const kopecksSchema = z.int()
const pointsSchema = z.int()

/** In its one spelling; whether it is a code at all, and whose, is for the ledger to say. */
const voucherSchema = z.string().regex(/^[0-9A-Z]{10}$/)

const common = { id: operationIdSchema, at: instantSchema }
const purchase = {
  card: cardSchema,
  purchaseKopecks: kopecksSchema,
  receipt: noteSchema.optional(),
  confirmDuplicate: z.boolean().optional(),
  /** The cashier, as 1C names them. Only where the cloud says that it takes it (`operationFields`). */
  cashier: noteSchema.optional(),
  /** What was bought, where 1C says it and the cloud takes it (`operationFields`). */
  items: itemsSchema.optional(),
}

export const operationSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('earn'),
      ...common,
      ...purchase,
      /** The amount is a person's word: it was typed by hand, and 1C had none. */
      typed: z.literal(true).optional(),
    }),
    z.strictObject({
      kind: z.literal('redeem'),
      ...common,
      ...purchase,
      points: pointsSchema,
      via: z.literal('agent').optional(),
      /** The signed code of the Mini App that the customer showed, as it was scanned. */
      code: textSchema(500).optional(),
      /** The code of a voucher; points may be 0 then. Only where the cloud says that it takes it (`operationFields`). */
      voucher: voucherSchema.optional(),
      /** What the goods cost that the voucher gives, where 1C did not say it and the cashier did. */
      voucherItemKopecks: kopecksSchema.optional(),
    }),
    z.strictObject({ kind: z.literal('apply'), ...common, redeemId: operationIdSchema }),
    z.strictObject({
      kind: z.literal('release'),
      ...common,
      redeemId: operationIdSchema,
      reason: noteSchema,
    }),
    z.strictObject({
      kind: z.literal('refund'),
      ...common,
      originalId: operationIdSchema,
      refundKopecks: kopecksSchema.optional(),
    }),
    /** Two cards are one customer's: they become one, whichever was shown first. Only where the cloud says so (`operationFields`). */
    z.strictObject({ kind: z.literal('merge'), ...common, card: cardSchema, otherCard: cardSchema }),
  ])
  .meta({ id: 'Operation' })
/** What a register asks of the ledger. */
export type Operation = z.infer<typeof operationSchema>

const holdStates = ['pending', 'processing', 'applied', 'released', 'expired', 'in_doubt'] as const
export const holdStateSchema = z.enum(holdStates)
export type HoldState = z.infer<typeof holdStateSchema>

/** A customer as every answer shows it: dead points are in none of the numbers. */
export const customerViewSchema = z
  .object({
    card: cardSchema,
    firstName: z.string().nullable(),
    available: z.int(),
    held: z.int(),
    debt: z.int(),
    expiresNext: z.object({ points: z.int(), at: instantSchema }).nullable(),
    /** Points that are in no other number: they can be spent later, the first of them from then on. */
    waiting: z.object({ points: z.int(), from: instantSchema }).optional(),
  })
  .meta({ id: 'Customer' })
export type CustomerView = z.infer<typeof customerViewSchema>

const operationKinds = [
  'earn',
  'redeem',
  'apply',
  'release',
  'refund',
  'adjust',
  'bonus',
  'expire',
  'merge',
  'unmerge',
] as const
export const operationKindSchema = z.enum(operationKinds)
export type OperationKind = z.infer<typeof operationKindSchema>

const acceptedSchema = z.object({
  id: operationIdSchema,
  kind: operationKindSchema,
  status: z.literal('accepted'),
  replay: z.boolean(),
  earned: z.int(),
  spent: z.int(),
  customer: customerViewSchema,
  hold: z
    .object({
      state: holdStateSchema,
      points: z.int(),
      until: instantSchema,
      /** What its voucher takes off the receipt, beside the points. */
      voucherKopecks: z.int().optional(),
    })
    .optional(),
})
export type Accepted = z.infer<typeof acceptedSchema>

const refusedSchema = z.object({
  id: z.string().nullable(),
  kind: z.string().nullable(),
  status: z.literal('refused'),
  replay: z.boolean(),
  code: refusalCodeSchema,
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
})
export type Refused = z.infer<typeof refusedSchema>

/** The ledger's answer to one operation. */
export const outcomeSchema = z
  .discriminatedUnion('status', [acceptedSchema, refusedSchema])
  .meta({ id: 'Outcome' })
export type Outcome = z.infer<typeof outcomeSchema>
/** The same, to whoever reads it: from the wire, or from a journal that a newer version wrote. */
export const heardOutcomeSchema = reading(outcomeSchema)
export type HeardOutcome = z.infer<typeof heardOutcomeSchema>
export type HeardRefusal = Extract<HeardOutcome, { status: 'refused' }>
export type HeardAcceptance = Extract<HeardOutcome, { status: 'accepted' }>
