import { z } from 'zod'
import { operatorSchema } from './consent.ts'
import { customerViewSchema, instantSchema, operationIdSchema } from './operation.ts'
import { redeemProofSchema } from './programme.ts'
import type { Reading } from './reading.ts'
import { storableSchema } from './text.ts'

/** What the Mini App and the cloud say to each other about the customer who holds the phone. */

export const languageSchema = z.enum(['ru', 'en'])
export type Language = z.infer<typeof languageSchema>

/** A cloud of an older version has no messages about statuses, invitations and vouchers. */
const notifySchema = z.object({
  purchases: z.boolean(),
  expiry: z.boolean(),
  status: z.boolean().optional(),
  referrals: z.boolean().optional(),
  vouchers: z.boolean().optional(),
})

/** How far somebody is among the statuses of the programme. */
const myStatusSchema = z.object({
  title: z.string().nullable(),
  colour: z.string().nullable(),
  benefits: z.array(z.string()),
  cashbackBasisPoints: z.int(),
  metric: z.enum(['net_purchases', 'purchases', 'earned_points']),
  value: z.int(),
  /** Null also where enough for the highest is there, and a lower one was set by hand or is on its way up. */
  next: z.object({ title: z.string(), from: z.int(), missing: z.int() }).nullable(),
  /** A cloud of an older version does not say it: then it is where there is no next one. */
  isHighest: z.boolean().optional(),
})
export type MyStatus = z.infer<typeof myStatusSchema>

export const meSchema = z
  .object({
    ...customerViewSchema.shape,
    chainName: z.string(),
    operator: operatorSchema.optional(),
    /** Of the shops: in it they are told until which day points live. */
    timeZone: z.string().optional(),
    /** Where they are helped with what a shop cannot do. */
    supportContact: z.string().optional(),
    /** Frozen by an administrator, the card or the programme: they may look, and neither earn nor spend. */
    isFrozen: z.boolean(),
    /** The whole programme is frozen, not this card. A cloud of an older version does not say it. */
    isProgrammeFrozen: z.boolean().optional(),
    language: languageSchema,
    /** Which messages of the bot they want. */
    notify: notifySchema,
    /** Only where the programme has statuses. */
    status: myStatusSchema.optional(),
    /** Whether the programme gives anything for friends who are invited; a cloud of an older version does not know. */
    invites: z.boolean().optional(),
    /** How many of their own they have to show to a till; only where the programme gives anybody such vouchers. */
    vouchers: z.int().optional(),
    consent: z.object({ version: z.string(), at: instantSchema }),
    /** The consent to advertising; null where there is none. A cloud of an older version does not ask for it. */
    advertising: z.object({ version: z.string(), at: instantSchema }).nullable().optional(),
    rules: z.object({
      cashbackBasisPoints: z.int(),
      maxDiscountBasisPoints: z.int(),
      lifetimeDays: z.int(),
      historyShownDays: z.int(),
      redeemProof: redeemProofSchema,
    }),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof meSchema>
/** The same to a Mini App, which may be older than the cloud: an open page is not loaded anew for a new version. */
export type HeardMe = Reading<Me>

/** What is frozen, of those who neither earn nor spend. */
export type Frozen = 'card' | 'programme'

/** The text that is agreed to; without that nothing is stored. */
export const agreeRequestSchema = z.strictObject({
  consentVersion: storableSchema(20),
  language: languageSchema,
  /** And to advertising, by this text, where they agree to that as well. */
  advertisingVersion: storableSchema(20).optional(),
})

export type AgreeRequest = z.infer<typeof agreeRequestSchema>

/** The details of `not_registered`: what to show to who is not a customer yet. */
const notRegisteredSchema = z.object({
  chainName: z.string(),
  consentVersion: z.string(),
  /** What may be agreed to besides; absent of a cloud of an older version. */
  advertisingVersion: z.string().optional(),
  /** Absent where nobody can agree: the chain has not said whom the data are given to. */
  operator: operatorSchema.optional(),
})
export type NotRegistered = z.infer<typeof notRegisteredSchema>

export const changeMeSchema = z.strictObject({
  notify: notifySchema.partial().optional(),
  language: languageSchema.optional(),
  /** The text about advertising that they agree to; null withdraws it. */
  advertisingVersion: storableSchema(20).nullable().optional(),
})
export type ChangeMe = z.infer<typeof changeMeSchema>

export const myCodeSchema = z.object({
  code: z.string(),
  expiresAt: instantSchema,
  serverTime: instantSchema,
})
export type MyCode = z.infer<typeof myCodeSchema>

const historyItemSchema = z.object({
  id: operationIdSchema,
  kind: z.enum(['purchase', 'held', 'refund', 'bonus', 'adjustment', 'expiry']),
  at: instantSchema,
  store: z.string().nullable(),
  purchaseKopecks: z.int().nullable(),
  refundKopecks: z.int().nullable(),
  earned: z.int(),
  spent: z.int(),
  /** What it did to the balance. */
  change: z.int(),
  /** By what a purchase earned its points, and from when on they can be spent. A cloud of an older version does not say. */
  awards: z
    .array(
      z.object({
        by: z.enum(['cashback', 'status', 'rule', 'voucher']),
        /** Of the status or the rule, as its book said it. */
        title: z.string().nullable(),
        points: z.int(),
        /** The share that it was; null where it was not one, or several times over. */
        basisPoints: z.int().nullable(),
        from: instantSchema,
      }),
    )
    .optional(),
})
export type HistoryItem = z.infer<typeof historyItemSchema>
export type HeardHistoryItem = Reading<HistoryItem>

export const historyQuerySchema = z.object({ before: storableSchema(100).optional() })
/** `next` asks for the page after this one; null at the end. */
export const historyPageSchema = z.object({ items: z.array(historyItemSchema), next: z.string().nullable() })
export type HistoryPage = z.infer<typeof historyPageSchema>

/** Every day on which points die, the earliest first. */
export const expiryCalendarSchema = z.object({
  days: z.array(z.object({ points: z.int(), at: instantSchema })),
})
export type ExpiryDay = z.infer<typeof expiryCalendarSchema>['days'][number]

export const erasedSchema = z.object({ erased: z.literal(true) })
