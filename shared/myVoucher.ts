import { z } from 'zod'
import { instantSchema } from './operation.ts'
import type { Reading } from './reading.ts'
import { voucherTermsSchema } from './rules/voucher.ts'

/** What a voucher is to its customer now. */
const states = [
  'good',
  /** Its first day is still to come. */
  'early',
  /** A till holds it for a purchase. */
  'held',
  'used',
  /** Its last day is over. */
  'over',
  /** The chain took it back. */
  'void',
] as const

/** A voucher that is the customer's alone, as the Mini App shows it. */
const myVoucherSchema = z.object({
  id: z.string(),
  state: z.enum(states),
  /** What a till reads; null where there is nothing to show to one, or the cloud does not have the key of the codes. */
  code: z.string().nullable(),
  terms: voucherTermsSchema,
  /** Where it is good; null: everywhere. */
  stores: z.array(z.string()).nullable(),
  usesLeft: z.int(),
  /** When it was used last. */
  usedAt: instantSchema.nullable(),
})
export type MyVoucher = z.infer<typeof myVoucherSchema>
export type HeardMyVoucher = Reading<MyVoucher>

/** The newest first. */
export const myVouchersSchema = z.object({ vouchers: z.array(myVoucherSchema) }).meta({ id: 'MyVouchers' })

/** Whether there is or will be something to show to a till. */
export const isToShow = (state: string) => state === 'good' || state === 'early' || state === 'held'
