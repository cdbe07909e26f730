import { z } from 'zod'
import { cardSchema } from './card.ts'
import {
  customerViewSchema,
  holdStateSchema,
  instantSchema,
  operationIdSchema,
  operationKindSchema,
  outcomeSchema,
} from './operation.ts'
import { programmeSchema } from './programme.ts'
import { voucherTermsSchema } from './rules/voucher.ts'
import { storableSchema, textSchema } from './text.ts'

/** The most operations one request may carry. */
const OPERATIONS_LIMIT = 500

export const errorSchema = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
    }),
  })
  .meta({ id: 'Error' })
export type ApiError = z.infer<typeof errorSchema>

const nameSchema = textSchema(100)
const versionSchema = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[\w.+-]+$/, 'letters, digits and .+-_ only')
const storeSchema = z.object({ id: z.int(), name: z.string() })
const registerSchema = z.object({ id: z.int(), name: z.string(), channel: z.enum(['stable', 'beta']) })

export const enrolRequestSchema = z.strictObject({
  code: storableSchema(50),
  name: nameSchema,
  version: versionSchema,
})
export const enrolReplySchema = z.object({ key: z.string(), register: registerSchema, store: storeSchema })

const openHoldSchema = z.object({
  id: operationIdSchema,
  card: z.string(),
  state: holdStateSchema,
  points: z.int(),
  /** What its voucher takes off beside the points; only where it has one. */
  voucherKopecks: z.int().optional(),
  purchaseKopecks: z.int(),
  until: instantSchema,
})

const operationFieldSchema = z.enum(['cashier', 'typed', 'items', 'merge', 'voucher'])
export const operationFields = operationFieldSchema.options

export const registerReplySchema = z.object({
  store: storeSchema,
  register: registerSchema,
  programme: programmeSchema,
  /** The rule book that is valid and those to come; a register of before them reads `programme`. */
  books: z
    .array(
      z.object({ version: z.int(), validFrom: instantSchema, document: z.record(z.string(), z.unknown()) }),
    )
    .optional(),
  /** Since then nobody in the programme earns or spends; absent where it is not frozen. */
  frozenSince: instantSchema.optional(),
  settingsVersion: z.int(),
  serverTime: instantSchema,
  toSettle: z.array(openHoldSchema),
  updateChannel: z.enum(['stable', 'beta']),
  /** Where a customer is helped with what a shop cannot do: a number, an address, a name in Telegram. */
  supportContact: z.string().optional(),
  /** Where a customer joins: the bot, or a page of the chain. Tills show it to customers as a QR code. */
  joinUrl: z.string().max(300).optional(),
  /** The same link for this register alone: who joins by it is told of by `GET /v1/register/joins`. */
  joinHereUrl: z.string().max(400).optional(),
  /** Of the shops: in it people are told until which day points live. */
  timeZone: z.string().optional(),
  /** What operations may carry, and be, that a cloud of an older version would refuse. */
  operationFields: z.array(operationFieldSchema).optional(),
  /** Verifies the signed codes of the Mini App without a network: an Ed25519 key in base64url. */
  codeKey: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
})

export const joinsReplySchema = z.object({
  joined: z.array(z.object({ card: z.string(), firstName: z.string().nullable(), at: instantSchema })),
})

/** Whatever was scanned: only what can be a card is looked for. */
export const customerQuerySchema = z.object({ code: z.string().min(1).max(500) })
/** The status of a customer by its name in the valid book, and what they have of its measure now. */
const standingSchema = z.object({ status: z.string().nullable(), value: z.int() })
export type Standing = z.infer<typeof standingSchema>
/** Of those that the valid book or one to come asks for, the ones they are in; only where one does. */
const segmentsSchema = z.array(z.string())
/** What is counted of a customer, because rules and statuses of the valid book ask it. */
const customerCountsSchema = z.object({
  registeredAt: instantSchema,
  purchases: z.int(),
  lastPurchaseAt: instantSchema.nullable(),
  uses: z.array(z.object({ ruleId: z.string(), period: z.string(), uses: z.int() })),
  standing: standingSchema.optional(),
  /** Of the present day; only where the book limits days. */
  today: z.object({ day: z.string(), points: z.int(), purchases: z.int() }).optional(),
  segments: segmentsSchema.optional(),
})
export type CustomerCounts = z.infer<typeof customerCountsSchema>
const foundCustomerSchema = customerViewSchema
  .extend({
    /** Frozen: neither earns nor spends. A cloud of an older version does not say it. */
    status: z.enum(['active', 'frozen']).optional(),
    /** The whole programme is frozen, and with it whoever is in it: it is not the card. */
    isProgrammeFrozen: z.boolean().optional(),
    /** The card is in a customer's Telegram. */
    inTelegram: z.boolean().optional(),
    /** For the preview of what a purchase brings; only where the valid book has rules or statuses. */
    counts: customerCountsSchema.optional(),
  })
  .meta({ id: 'FoundCustomer' })
export type FoundCustomer = z.infer<typeof foundCustomerSchema>
export const customerReplySchema = z.object({ customer: foundCustomerSchema })

export const changesQuerySchema = z.object({
  since: storableSchema(100).optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
})
export const changesReplySchema = z.object({
  customers: z.array(
    z.object({
      card: z.string(),
      firstName: z.string().nullable(),
      available: z.int(),
      status: z.enum(['active', 'frozen', 'erased']),
      /** The card of the customer for whom this one stands by now; to a register that cannot read it, it is an erased one. */
      mergedInto: z.string().optional(),
      /** Only where the valid book has statuses. */
      standing: standingSchema.optional(),
      segments: segmentsSchema.optional(),
    }),
  ),
  /** The list begins anew: what the register knew before is not in it any more. */
  begins: z.boolean().optional(),
  asOf: instantSchema,
  cursor: z.string(),
  more: z.boolean(),
})

/** What was scanned or typed, and the card of who shows it where it is known. */
export const voucherQuerySchema = z.object({ code: storableSchema(50).min(1), card: cardSchema.optional() })
export const voucherReplySchema = z.object({ voucher: voucherTermsSchema })

/** Each operation is parsed alone, so that one malformed one in a drain is refused and the rest goes on. */
export const operationsRequestSchema = z.strictObject({
  operations: z
    .array(z.unknown())
    .min(1)
    .max(OPERATIONS_LIMIT)
    .meta({ items: { $ref: '#/components/schemas/Operation' } }),
})
export const operationsReplySchema = z.object({ outcomes: z.array(outcomeSchema) })
export const operationsQuerySchema = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) })
const storeOperationSchema = z.object({
  id: operationIdSchema,
  kind: operationKindSchema,
  at: instantSchema,
  registerId: z.int(),
  card: z.string(),
  firstName: z.string().nullable(),
  purchaseKopecks: z.int().nullable(),
  points: z.int().nullable(),
  referenceId: operationIdSchema.nullable(),
  refundKopecks: z.int().nullable(),
  refundedKopecks: z.int(),
  holdState: holdStateSchema.nullable(),
  earned: z.int(),
  spent: z.int(),
  voucherKopecks: z.int().optional(),
})
export const storeOperationsReplySchema = z.object({ operations: z.array(storeOperationSchema) })

/** Of the number of a receipt: fewer characters would be the end of every tenth. */
export const SHORTEST_END = 3

/** What a purchase is looked for by when goods of it come back. Of none of these: the purchases of today. */
export const purchasesQuerySchema = z.object({
  /** The number of the receipt, or its last characters where they are `SHORTEST_END` at least. */
  receipt: textSchema(200).optional(),
  card: cardSchema.optional(),
  /** By the calendar of the shops. */
  day: z.iso
    .date()
    .refine((day) => day.startsWith('20'), 'is a day of this century')
    .optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
})
const purchaseSchema = z
  .object({
    id: operationIdSchema,
    kind: z.enum(['earn', 'redeem']),
    at: instantSchema,
    register: z.object({ id: z.int(), name: z.string() }),
    /** Where another store sold it. */
    store: z.object({ id: z.int(), name: z.string() }).optional(),
    card: z.string(),
    firstName: z.string().nullable(),
    receipt: z.string().nullable(),
    purchaseKopecks: z.int(),
    paidKopecks: z.int(),
    spent: z.int(),
    /** What it has earned, and by what terms that is taken back. */
    awards: z.array(
      z.object({
        points: z.int(),
        basisPoints: z.int().nullable(),
        timesBasisPoints: z.int().optional(),
        ofKopecks: z.int().optional(),
        minPaidKopecks: z.int(),
        capPoints: z.int().nullable(),
      }),
    ),
    /** How many refunds there were, and what money they returned. */
    refunds: z.int(),
    refundedKopecks: z.int(),
    /** Whether the voucher that it was made with can be used again once all of it is back; only where it had one. */
    voucherAfter: z.enum(['usable', 'gone']).optional(),
  })
  .meta({ id: 'Purchase' })
export type Purchase = z.infer<typeof purchaseSchema>
export const purchasesReplySchema = z.object({
  purchases: z.array(purchaseSchema),
  /** There are older ones, too. */
  more: z.boolean(),
})

/** An operation that was refused when nobody stood at the register any more, and what is known of it. */
export const handOverRequestSchema = z.strictObject({
  id: operationIdSchema,
  kind: storableSchema(20),
  at: instantSchema,
  card: storableSchema(20).nullable(),
  purchaseKopecks: z.int().nullable(),
  points: z.int().nullable(),
  code: storableSchema(50),
  message: storableSchema(1000),
})
export const handOverReplySchema = z.object({ isFiled: z.literal(true) })

/** The latest errors of a register's log. Short, and without anybody's name, card or key. */
const registerErrorSchema = z.object({ at: instantSchema, text: textSchema(200) })

/** A register of an older version sends fewer of these. */
export const heartbeatSchema = z.object({
  version: versionSchema,
  queueDepth: z.int().min(0),
  oldestQueuedSeconds: z.number().min(0).nullable(),
  exchange: textSchema(100),
  clockOffsetMs: z.number().nullable(),
  /** Operations that wait for a person. Registers of an older version do not say it, nor what follows. */
  parked: z.int().min(0).optional(),
  errors: z.array(registerErrorSchema).max(10).optional(),
  /** The words of shared/update.ts, and whatever a newer register may add to them. */
  update: z
    .object({
      state: z.string().regex(/^\w{1,30}$/),
      version: versionSchema.nullable(),
      problem: z
        .string()
        .regex(/^\w{1,30}$/)
        .nullable(),
    })
    .optional(),
})
export const heartbeatReplySchema = z.object({
  serverTime: instantSchema,
  settingsVersion: z.int(),
  /** IT asked for the diagnostics file of this register. */
  diagnosticsWanted: z.boolean().optional(),
})

/** What the register would write into its diagnostics file; its form is the register's own. */
export const diagnosticsRequestSchema = z.record(z.string(), z.unknown())
export const diagnosticsReplySchema = z.object({ isKept: z.boolean() })

export const agentDiscountsSchema = z.array(
  z.object({
    id: operationIdSchema,
    discountAmount: z.int(),
    transactionId: operationIdSchema,
    createdAt: instantSchema,
    expiresAt: instantSchema,
  }),
)
export const agentConfirmSchema = z.object({
  id: operationIdSchema,
  status: z.enum(['applied', 'failed']),
  errorMessage: z.string().max(10_000).nullish(),
})
export const agentConfirmReplySchema = z.object({ success: z.literal(true), outcome: outcomeSchema })
