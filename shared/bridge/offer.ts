import type { Choice, Earning, NoRedemption } from './sale.ts'
import type { VoucherOffer } from './voucher.ts'

/** Where a customer stands among the statuses of the programme. */
export interface StatusShown {
  /** Null: they have none yet. */
  title: string | null
  colour: string | null
  /** Null: there is no higher one. */
  next: { title: string; metric: string; missing: number } | null
  /** What this very purchase reaches. */
  reaches: string | null
}

/** What the sale would do, by the rules the ledger uses; the ledger decides. */
export interface Offer {
  /** By which rule book. */
  bookVersion: number
  /** Null: the programme has no statuses, or nothing is known of this customer. */
  status: StatusShown | null
  earn: Earning
  /** What can be spent after earning; null where nobody knows what there is, or where a debt takes of it what only the ledger can say. */
  becomes: number | null
  redeem:
    | {
        isPossible: true
        maxPoints: number
        /** What it is that no more can be spent: all that the card has, or the share of a purchase that may be points. */
        bound: { by: 'balance' } | { by: 'share'; basisPoints: number }
        choice: Choice
      }
    | { isPossible: false; reason: NoRedemption }
  /** What the voucher that was shown does for this sale; absent: none was, or the cloud has not answered. */
  voucher?: VoucherOffer
}
