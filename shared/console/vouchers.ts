import { z } from 'zod'
import { instantSchema, operationIdSchema } from '../operation.ts'
import { voucherTermsSchema } from '../rules/voucher.ts'
import { idSchema, listQuery, namedSchema, pageOf, programmeQuery } from './list.ts'

export const batchStates = ['to_come', 'active', 'over', 'void'] as const

export const batchesQuerySchema = z.object({
  ...programmeQuery,
  state: z.enum(batchStates).optional(),
  ...listQuery,
})

const batchSchema = z.object({
  id: idSchema,
  title: z.string(),
  terms: voucherTermsSchema,
  state: z.enum(batchStates).describe('by the clock of the programme'),
  audience: z.looseObject({ type: z.string() }).describe('of whom it was made for, without their cards'),
  codes: z.int().describe('that were made'),
  voided: z.int().describe('of them, those that were voided by themselves'),
  held: z.int().describe('uses that a till holds now'),
  used: z.int().describe('uses that were not given back'),
  usedCodes: z.int().describe('codes that were used at all'),
  givenKopecks: z.int().describe('taken off receipts by it, less those that gave it back'),
  createdAt: instantSchema,
  createdBy: z.string(),
  exportedAt: instantSchema.nullable(),
  exportedBy: z.string().nullable(),
  voidedAt: instantSchema.nullable(),
  voidReason: z.string().nullable(),
})
export type VoucherBatchRow = z.infer<typeof batchSchema>

/** The newest first. */
export const batchesSchema = pageOf('batches', batchSchema)

export const codeQuerySchema = z.strictObject({
  programme: idSchema.optional(),
  code: z.string().trim().min(1).max(40).describe('as it was printed or typed'),
})

/** Where one code stands. */
export const codeSchema = z.object({
  batch: batchSchema,
  serial: z.int(),
  owner: z.object({ id: z.int(), card: z.string() }).nullable().describe('whose alone it is'),
  voidedAt: instantSchema.nullable(),
  held: z.int(),
  used: z.int(),
  redemptions: z
    .array(
      z.object({
        id: operationIdSchema,
        customer: z.object({ id: z.int(), card: z.string() }),
        at: instantSchema,
        state: z.string(),
        isReturned: z.boolean().describe('the purchase was returned, and the use given back'),
        voucherKopecks: z.int(),
        store: namedSchema,
        register: namedSchema.nullable(),
      }),
    )
    .describe('for which it was shown, the latest first'),
  asOf: instantSchema,
})
export type VoucherCode = z.infer<typeof codeSchema>
