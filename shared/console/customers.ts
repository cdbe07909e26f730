import { z } from 'zod'
import { holdStateSchema, instantSchema, operationIdSchema } from '../operation.ts'
import { segmentName } from '../rules/rule.ts'
import { textSchema } from '../text.ts'
import { factsSchema, idSchema, listQuery, namedSchema, pageOf, programmeQuery, storeQuery } from './list.ts'

const customerStateSchema = z.enum(['active', 'frozen', 'erased'])

export const customerSorts = ['newest', 'oldest', 'points', 'last_purchase', 'spent'] as const

export const customersQuerySchema = z.object({
  ...programmeQuery,
  ...storeQuery,
  q: textSchema(100)
    .transform((text) => text.trim())
    .optional()
    .describe(
      'a card as it is printed or scanned, the end of a receipt number (3 characters at least), the id of an operation, ' +
        'or a part of the name',
    ),
  state: customerStateSchema.optional(),
  segment: segmentName.optional().describe('who is in it now'),
  sort: z.enum(customerSorts).default('newest').describe('without q; what is found is the newest first'),
  ...listQuery,
})

/** By what somebody was found, and the operation, where it was one. */
const foundBySchema = z.object({
  by: z.enum(['card', 'name', 'receipt', 'operation']),
  operationId: operationIdSchema.nullable(),
  receipt: z.string().nullable(),
})

const customerRowSchema = z.object({
  id: z.int(),
  card: z.string(),
  firstName: z.string().nullable(),
  state: customerStateSchema,
  available: z.int(),
  waiting: z.int(),
  debt: z.int(),
  purchases: z.int(),
  netKopecks: z.int().describe('paid in money, less what came back'),
  lastPurchaseAt: instantSchema.nullable(),
  joinedAt: instantSchema,
  found: foundBySchema.nullable(),
})
export type CustomerRow = z.infer<typeof customerRowSchema>

/** A file of it has no names: it may leave the console. */
export const customersSchema = pageOf('customers', customerRowSchema)

export const customerIdParam = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) })

const statusSchema = z.object({
  name: z.string().nullable(),
  title: z.string().nullable(),
  colour: z.string().nullable(),
  metric: z.enum(['net_purchases', 'purchases', 'earned_points']),
  value: z.int(),
  next: z.object({ name: z.string(), title: z.string(), missing: z.int() }).nullable(),
  all: z
    .array(z.object({ name: z.string(), title: z.string() }))
    .describe('of the valid book, from the lowest to the highest'),
})

const consentSchema = z.object({
  version: z.string(),
  channel: z.string(),
  note: z.string().nullable(),
  recordedBy: z.string(),
  givenAt: instantSchema,
})

const cardOfSchema = z.object({ id: z.int(), card: z.string() })

export const customerSchema = z.object({
  id: z.int(),
  card: z.string(),
  firstName: z.string().nullable(),
  state: customerStateSchema,
  programme: namedSchema,
  joinedAt: instantSchema,
  mergedInto: cardOfSchema
    .nullable()
    .describe('the card that stands for this one; it has no points of its own then'),
  replaced: z.array(cardOfSchema).describe('the cards for which this one stands'),
  available: z.int(),
  waiting: z.object({ points: z.int(), from: instantSchema }).nullable(),
  held: z.int(),
  debt: z.int(),
  expiresNext: z.object({ points: z.int(), at: instantSchema }).nullable(),
  /** Null: the valid book has no statuses. */
  status: statusSchema.nullable(),
  /** Points that have not died, by the day on which they will. */
  lots: z.array(z.object({ points: z.int(), activeFrom: instantSchema, expiresAt: instantSchema })),
  holds: z
    .array(
      z.object({
        id: operationIdSchema,
        state: holdStateSchema,
        points: z.int(),
        purchaseKopecks: z.int(),
        store: namedSchema,
        until: instantSchema,
        inDoubtAt: instantSchema.nullable(),
      }),
    )
    .describe('open ones'),
  consent: consentSchema.nullable(),
  advertising: consentSchema.nullable().describe('the consent to advertising, which is given apart'),
  telegram: z.enum(['linked', 'unreachable']).nullable().describe('null: not in Telegram'),
  isStaff: z
    .boolean()
    .describe(
      'of somebody who works here: it invites nobody for points, and messages of campaigns are tried on it',
    ),
  facts: z.object({
    purchases: z.int(),
    netKopecks: z.int(),
    averageReceiptKopecks: z.int().nullable(),
    firstPurchaseAt: instantSchema.nullable(),
    lastPurchaseAt: instantSchema.nullable(),
    homeStore: namedSchema.nullable(),
    pointsEarned: z.int(),
    pointsSpent: z.int(),
    pointsExpired: z.int(),
    months: z.array(z.object({ month: z.string(), purchases: z.int(), netKopecks: z.int() })),
    asOf: instantSchema.nullable().describe('what happened later may be missing; null: nothing is known yet'),
  }),
  asOf: instantSchema,
})
export type Customer = z.infer<typeof customerSchema>

const base = { id: z.string(), at: instantSchema }
const operation = { ...base, id: operationIdSchema, store: namedSchema.nullable(), author: z.string() }
const points = z.int().describe('what it did to the balance')

const timelineItemSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('purchase'),
    ...operation,
    register: namedSchema.nullable(),
    cashier: z.string().nullable(),
    receipt: z.string().nullable(),
    isTyped: z.boolean().describe('the amount was typed at the till'),
    state: z
      .enum(['done', 'held', 'in_doubt', 'given_up'])
      .describe('held and in doubt: it is not known yet whether 1C gave the discount; given up: it did not'),
    purchaseKopecks: z.int(),
    paidKopecks: z.int().nullable().describe('in money; null while it is not done'),
    refundedKopecks: z.int(),
    earned: z.int(),
    spent: z.int(),
    bookVersion: z.int().nullable(),
    awards: z.array(
      z.object({
        ruleId: z.string().nullable().describe('null: the cashback of the base, or of a status'),
        title: z.string().nullable().describe('of the rule, as its book said it'),
        statusName: z.string().nullable(),
        points: z.int(),
        basisPoints: z.int().nullable(),
        activeFrom: instantSchema,
        expiresAt: instantSchema,
      }),
    ),
    skipped: z.array(
      z.object({
        ruleId: z.string().nullable(),
        title: z.string().nullable(),
        why: z.string().describe('shared/rules: Skipped'),
      }),
    ),
  }),
  z.object({
    type: z.literal('refund'),
    ...operation,
    purchaseId: operationIdSchema,
    refundKopecks: z.int(),
    takenBack: z.int().describe('points that the purchase had earned'),
    givenBack: z.int().describe('points that were spent on it'),
    reason: z.string().nullable(),
  }),
  z.object({ type: z.literal('adjustment'), ...operation, points, reason: z.string().nullable() }),
  z.object({ type: z.literal('bonus'), ...operation, points, reason: z.string().nullable() }),
  z.object({ type: z.literal('expiry'), ...operation, points }),
  z.object({
    type: z.literal('message'),
    ...base,
    kind: z.string(),
    state: z.enum(['waiting', 'sent', 'dropped', 'parked']),
    settledAt: instantSchema.nullable(),
    problem: z.string().nullable(),
  }),
  z.object({
    type: z.literal('status'),
    ...base,
    before: z.string().nullable(),
    after: z.string().nullable(),
    cause: z.string(),
    until: instantSchema.nullable().describe('of one that was given, or of which a notice was given'),
    who: z.string(),
    reason: z.string().nullable(),
  }),
  z.object({
    type: z.literal('act'),
    ...base,
    who: z.string(),
    action: z.string(),
    before: factsSchema,
    after: factsSchema,
    proposal: idSchema.nullable(),
  }),
])
export type TimelineItem = z.infer<typeof timelineItemSchema>

export const timelineTypes = [
  'purchase',
  'refund',
  'adjustment',
  'bonus',
  'expiry',
  'message',
  'status',
  'act',
] as const

export const timelineQuerySchema = z.object({
  type: z.enum(timelineTypes).optional(),
  ...listQuery,
})
/** The latest first. */
export const timelineSchema = pageOf('items', timelineItemSchema)
