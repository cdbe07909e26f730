import type { Book } from '../../../shared/rules/book.ts'
import { earnedPoints, quote } from '../../../shared/rules/quote.ts'
import type { Instant } from '../../../shared/time.ts'

/** By what a sale of this moment is judged. */
export interface Judges {
  book: Book
  storeId: number | null
  now: Instant
}

/** What a purchase costs and brings when this many points are spent on it, by the function that the ledger decides with. */
export function preview(
  { book, storeId, now }: Judges,
  purchaseKopecks: number,
  points: number,
): { paidKopecks: number; earned: number } {
  const judged = quote(book, { kopecks: purchaseKopecks, at: now, storeId }, { points, voucherKopecks: 0 })
  return { paidKopecks: judged.paidKopecks, earned: earnedPoints(judged) }
}
