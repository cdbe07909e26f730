import { z } from 'zod'
import { type Discount, inProportion, worthKopecks } from '../money.ts'
import type { Instant } from '../time.ts'
import { type Award, deserved, lifeOf } from './award.ts'
import type { Base } from './book.ts'
import type { Purchase } from './conditions.ts'
import { localTimeOf } from './localTime.ts'
import { localMoment, word } from './rule.ts'
import { endsFirst, endsInTime, whyNotNow } from './validity.ts'

const kopecks = z.int().min(1).max(100_000_000)

const givesSchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('discount_kopecks'),
      kopecks: kopecks.min(100).meta({ title: 'Off the receipt', unit: 'kopecks' }),
    })
    .meta({ title: 'A sum off the receipt' }),
  z
    .strictObject({
      type: z.literal('discount_percent'),
      basis_points: z.int().min(1).max(10_000).meta({ title: 'Share', unit: 'basis points' }),
      cap_kopecks: kopecks.min(100).meta({ title: 'At most', unit: 'kopecks' }),
    })
    .meta({ title: 'A share off the receipt' }),
  z
    .strictObject({
      type: z.literal('points'),
      points: z.int().min(1).max(100_000).meta({ title: 'Points', unit: 'points' }),
      lifetime_days: z.int().min(1).max(3650).optional().meta({ title: 'Lifetime', unit: 'days' }),
    })
    .meta({ title: 'Points that are credited' }),
  z
    .strictObject({
      type: z.literal('product'),
      sku: word.meta({ title: 'Code of the goods' }),
      name: word.meta({ title: 'What they are called' }),
      cap_kopecks: kopecks.min(100).meta({ title: 'At a price of at most', unit: 'kopecks' }),
    })
    .meta({ title: 'One of these goods for nothing' }),
])

const limit = z.int().min(1).max(1_000_000)

/** The fields of the terms, for schemas that add more beside them. */
export const voucherTerms = {
  title: z.string().trim().min(1).max(200).meta({ title: 'Title', description: 'Customers read it.' }),
  gives: givesSchema.meta({ title: 'What it gives' }),
  from: localMoment.optional().meta({ title: 'From', description: 'By the clock of the programme.' }),
  until: localMoment.optional().meta({ title: 'Until', description: 'A day is the last one.' }),
  stores: z.array(z.int().min(1)).min(1).max(1000).optional().meta({ title: 'Only in these stores' }),
  min_purchase_kopecks: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .default(0)
    .meta({ title: 'For a purchase of at least', unit: 'kopecks' }),
  uses_per_code: limit.default(1).meta({ title: 'Uses of a code' }),
  uses_per_customer: limit.optional().meta({
    title: 'Uses of a customer',
    description: 'Of all codes of the batch together; left out: no limit.',
  }),
  with_points: z
    .boolean()
    .default(true)
    .meta({ title: 'With points', description: 'Whether points can be spent on the same purchase.' }),
  on_refund: z
    .enum(['give_back', 'keep'])
    .default('give_back')
    .meta({ title: 'When the purchase is wholly returned', description: 'Whether its use is given back.' }),
}

/** The terms of the vouchers of a batch: what they give, and when. */
export const voucherTermsSchema = z
  .strictObject(voucherTerms)
  .refine(endsInTime, endsFirst)
  .meta({ id: 'VoucherTerms', title: 'Terms of vouchers' })
export type VoucherTerms = z.infer<typeof voucherTermsSchema>
/** The terms that matter when a purchase is judged. */
export type JudgedTerms = Omit<VoucherTerms, 'on_refund'>

/** Why a voucher is not good for a purchase, by its terms alone. */
type OfPurchase =
  | 'not_begun'
  | 'over'
  | 'other_store'
  | 'below_min_purchase'
  | 'not_with_points'
  | 'no_product'
  | 'too_little'

/** A purchase on which a voucher is shown. */
export interface Shown {
  purchase: Purchase
  /** The points that are to be spent beside the voucher. */
  points: number
  /** The price of the goods that the voucher gives, where a cashier has said it. */
  itemKopecks?: number | undefined
}

/** The first reason why a voucher is not good for this purchase; null: it is good. */
export function whyNoVoucher(terms: JudgedTerms, shown: Shown, timeZone: string): OfPurchase | null {
  const { purchase, points } = shown
  const now = whyNotNow(terms, () => localTimeOf(purchase.at, timeZone))
  if (now) return now
  if (terms.stores && (purchase.storeId === null || !terms.stores.includes(purchase.storeId)))
    return 'other_store'
  if (purchase.kopecks < terms.min_purchase_kopecks) return 'below_min_purchase'
  if (points > 0 && !terms.with_points) return 'not_with_points'
  if (terms.gives.type === 'product' && priceOf(terms.gives.sku, shown) === null) return 'no_product'
  if (terms.gives.type === 'points') return purchase.kopecks > worthKopecks(points) ? null : 'too_little'
  return voucherKopecks(terms, shown) === 0 ? 'too_little' : null
}

const WHOLE_ROUBLE = worthKopecks(1)

/** The money that comes off the receipt: whole roubles, rounded down, and never more than the purchase. */
function voucherKopecks({ gives }: Pick<VoucherTerms, 'gives'>, shown: Shown): number {
  const { kopecks } = shown.purchase
  const worth = Math.min(worthOf(gives, shown), kopecks)
  return worth - (worth % WHOLE_ROUBLE)
}

function worthOf(gives: VoucherTerms['gives'], shown: Shown): number {
  switch (gives.type) {
    case 'discount_kopecks':
      return gives.kopecks
    case 'discount_percent': {
      const share = inProportion(gives.basis_points, { of: 10_000, to: shown.purchase.kopecks })
      return Math.min(share, gives.cap_kopecks)
    }
    case 'product':
      return Math.min(priceOf(gives.sku, shown) ?? 0, gives.cap_kopecks)
    case 'points':
      return 0
  }
}

/** The price of one of these goods: from the lines of 1C where it sent them, otherwise as the cashier said it. */
function priceOf(sku: string, { purchase, itemKopecks }: Shown): number | null {
  if (!purchase.items) return itemKopecks !== undefined && itemKopecks > 0 ? itemKopecks : null
  const line = purchase.items.find((item) => item.sku === sku && item.kopecks > 0)
  if (!line) return null
  return line.quantity > 1 ? Math.floor(line.kopecks / line.quantity) : line.kopecks
}

/** Begins the rule id of a voucher's award: no rule of a book can have such an id. */
const PREFIX = 'voucher:'

export const isOfVoucher = ({ ruleId }: Pick<Award, 'ruleId'>) => ruleId?.startsWith(PREFIX) ?? false

/** The most that a voucher can be worth, whatever is bought. */
export function mostWorthKopecks({ gives }: Pick<VoucherTerms, 'gives'>): number {
  if (gives.type === 'discount_kopecks') return gives.kopecks
  return gives.type === 'points' ? worthKopecks(gives.points) : gives.cap_kopecks
}

/** The points that a voucher credits: a fixed award beside those of the book, which a refund takes back as one. */
export function voucherAwards(
  { batchId, terms }: { batchId: number; terms: JudgedTerms },
  { at, paidKopecks, base }: { at: Instant; paidKopecks: number; base: Base },
): Award[] {
  const { gives } = terms
  if (gives.type !== 'points') return []
  const award: Award = {
    ruleId: `${PREFIX}${batchId}`,
    points: gives.points,
    basisPoints: null,
    minPaidKopecks: Math.min(paidKopecks, terms.min_purchase_kopecks),
    capPoints: null,
    ...lifeOf(at, { activationDays: 0, lifetimeDays: gives.lifetime_days ?? base.lifetime_days }),
  }
  return deserved(award, { paidKopecks, keptKopecks: paidKopecks }) > 0 ? [award] : []
}

/** The discount of a purchase: the points that are spent, and the money that the voucher takes off. */
export const discountWith = (terms: JudgedTerms | null, shown: Shown): Discount => ({
  points: shown.points,
  voucherKopecks: terms ? voucherKopecks(terms, shown) : 0,
})
