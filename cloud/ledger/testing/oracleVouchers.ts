import type { z } from 'zod'
import type { Item } from '../../../shared/items.ts'
import type { voucherTermsSchema } from '../../../shared/rules/voucher.ts'
import { DAY, type Instant } from '../../../shared/time.ts'
import type { VoucherProblem } from '../../../shared/voucherCode.ts'

/** Terms as people write them. */
export type TermsOfVoucher = z.input<typeof voucherTermsSchema>

/** A code, in the words of the oracle. */
export interface VoucherSaid {
  hash: string
  /** Codes of one batch share the uses of a customer. */
  batch: number
  programme: number
  /** Whose alone it is. */
  owner: string | null
  terms: TermsOfVoucher
}

/** A purchase on which it is shown. */
interface Asked {
  at: Instant
  store: number
  kopecks: number
  points: number
  items: Item[] | null
  /** What the cashier said that the goods cost. */
  itemKopecks: number | undefined
}

const MOSCOW = DAY / 8
/** By the clock of Moscow, to the minute. */
const clockOf = (at: Instant) => new Date(at + MOSCOW).toISOString().slice(0, 16)

/** What the terms say against a purchase. */
export function whyNotFor(terms: TermsOfVoucher, asked: Asked): VoucherProblem | null {
  const clock = clockOf(asked.at)
  const { from, stores, gives } = terms
  if (from && (from.length > 10 ? clock < from : clock.slice(0, 10) < from)) return 'not_begun'
  if (isOver(terms, asked.at)) return 'over'
  if (stores && !stores.includes(asked.store)) return 'other_store'
  if (asked.kopecks < (terms.min_purchase_kopecks ?? 0)) return 'below_min_purchase'
  if (terms.with_points === false && asked.points > 0) return 'not_with_points'
  if (gives.type === 'product' && priceOf(gives.sku, asked) === null) return 'no_product'
  if (gives.type === 'points') return asked.kopecks - asked.points * 100 > 0 ? null : 'too_little'
  return takenOff(terms, asked) > 0 ? null : 'too_little'
}

/** A day is the last one; of a day with a time it is the end. */
export function isOver({ until }: TermsOfVoucher, at: Instant): boolean {
  if (!until) return false
  const clock = clockOf(at)
  return until.length > 10 ? clock >= until : clock.slice(0, 10) > until
}

/** In kopecks, and always whole roubles. */
export function takenOff({ gives }: TermsOfVoucher, asked: Asked): number {
  let worth = 0
  if (gives.type === 'discount_kopecks') worth = gives.kopecks
  if (gives.type === 'discount_percent')
    worth = Math.min(
      gives.cap_kopecks,
      Number((BigInt(asked.kopecks) * BigInt(gives.basis_points)) / 10_000n),
    )
  if (gives.type === 'product') worth = Math.min(gives.cap_kopecks, priceOf(gives.sku, asked) ?? 0)
  return Math.floor(Math.min(worth, asked.kopecks) / 100) * 100
}

function priceOf(sku: string, { items, itemKopecks }: Asked): number | null {
  if (items === null) return itemKopecks && itemKopecks > 0 ? itemKopecks : null
  const found = items.find((item) => item.sku === sku && item.kopecks > 0)
  return found ? Math.floor(found.kopecks / Math.max(1, found.quantity)) : null
}
