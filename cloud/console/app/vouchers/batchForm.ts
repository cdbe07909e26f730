import { mostWorthKopecks, voucherTerms } from '../../../../shared/rules/voucher.ts'
import { type VoucherBatch, voucherBatchSchema } from '../../../../shared/voucherBatch.ts'
import { type FieldSpec, numberOf, scaleOf, specOf } from '../kit/specs.ts'

// A batch as its form has it: what it gives and for whom are of several kinds, each with the fields of its schema.

export type Typed = Record<string, string>

interface Kinds {
  options: readonly { shape: { type: { value: string } } }[]
}

const kindsOf = (of: Kinds): ReadonlyMap<string, FieldSpec[]> =>
  new Map(
    of.options.map(({ shape: { type, ...fields } }) => [
      type.value,
      Object.entries(fields).map(([name, schema]) => specOf(name, schema as never)),
    ]),
  )

export const gifts = kindsOf(voucherTerms.gives)
export const audiences = kindsOf(voucherBatchSchema.shape.audience)

export interface BatchForm {
  title: string
  gives: string
  given: Typed
  audience: string
  meant: Typed
  from: string
  until: string
  stores: string[]
  minPurchase: string
  usesPerCode: string
  usesPerCustomer: string
  withPoints: string
  onRefund: string
}

export const newForm: BatchForm = {
  ...{ title: '', gives: 'discount_kopecks', given: {}, audience: 'bearer', meant: { codes: '100' } },
  ...{ from: '', until: '', stores: [], minPurchase: '', usesPerCode: '1', usesPerCustomer: '' },
  ...{ withPoints: 'yes', onRefund: 'give_back' },
}

/** What was typed as a batch; null where something is missing or none. */
export function batchOf(form: BatchForm): VoucherBatch | null {
  const { gives, given, audience, meant, from, until, stores } = form
  const read = voucherBatchSchema.safeParse({
    title: form.title,
    gives: { type: gives, ...valuesOf(gifts.get(gives) ?? [], given) },
    audience: { type: audience, ...valuesOf(audiences.get(audience) ?? [], meant) },
    ...(from && { from }),
    ...(until && { until }),
    ...(stores.length > 0 && { stores: stores.map(Number) }),
    ...(form.minPurchase && { min_purchase_kopecks: numberOf(form.minPurchase, 100) }),
    uses_per_code: numberOf(form.usesPerCode, 1),
    ...(form.usesPerCustomer && { uses_per_customer: numberOf(form.usesPerCustomer, 1) }),
    with_points: form.withPoints === 'yes',
    on_refund: form.onRefund,
  })
  return read.success ? read.data : null
}

function valuesOf(fields: readonly FieldSpec[], typed: Typed): Record<string, unknown> {
  const values = fields.flatMap((field): [string, unknown][] => {
    const text = typed[field.name]?.trim() ?? ''
    if (text === '' && field.isOptional) return []
    if (field.kind === 'number') return [[field.name, numberOf(text, scaleOf(field))]]
    if (field.kind === 'list') return [[field.name, text.split(/[\s,;]+/).filter(Boolean)]]
    return [[field.name, text]]
  })
  return Object.fromEntries(values)
}

/** The most that it may give; null where it is not known how many codes it will have. */
export function mostOf(batch: VoucherBatch): number | null {
  const { audience, uses_per_code: uses } = batch
  const codes =
    audience.type === 'bearer' ? audience.codes : audience.type === 'cards' ? audience.cards.length : null
  return codes === null ? null : codes * uses * mostWorthKopecks(batch)
}
