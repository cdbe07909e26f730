import { z } from 'zod'
import { cardSchema } from './card.ts'
import { segmentName } from './rules/rule.ts'
import { endsFirst, hasAnyTime } from './rules/validity.ts'
import { voucherTerms } from './rules/voucher.ts'

/** The most codes that a batch has. */
export const MOST_VOUCHERS = 20_000

/** Who may use the codes of a batch: whoever has one, or each only the customer for whom it was made. */
const audienceSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('bearer'),
      codes: z.int().min(1).max(MOST_VOUCHERS).meta({ title: 'How many codes' }),
    })
    .meta({ title: 'Whoever has a code' }),
  z
    .strictObject({
      type: z.literal('cards'),
      cards: z.array(cardSchema).min(1).max(10_000).meta({ title: 'Cards' }),
    })
    .meta({ title: 'A code of their own for each of these customers' }),
  z
    .strictObject({ type: z.literal('segment'), segment: segmentName.meta({ title: 'Segment' }) })
    .meta({ title: 'A code of their own for each who is in a segment on that day' }),
])
export type VoucherAudience = z.infer<typeof audienceSchema>

/** What somebody writes to have vouchers. */
export const voucherBatchSchema = z
  .strictObject({ ...voucherTerms, audience: audienceSchema.meta({ title: 'For whom' }) })
  .refine(hasAnyTime, endsFirst)
  .meta({ id: 'VoucherBatch', title: 'Vouchers' })
export type VoucherBatch = z.infer<typeof voucherBatchSchema>
