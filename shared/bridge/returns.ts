import type { Instant } from '../time.ts'

export interface FoundPurchases {
  purchases: FoundPurchase[]
  /** There are older ones, too. */
  hasMore: boolean
  /** All registers of the store, or only this one: the cloud has not answered, or is too old to be asked. */
  of: 'store' | 'register'
}

/** A purchase whose goods come back. */
export interface FoundPurchase {
  id: string
  at: Instant
  /** Null: this one. */
  register: string | null
  card: string
  firstName: string | null
  receipt: string | null
  purchaseKopecks: number
  spent: number
  earned: number
  /** Money that was returned before. */
  refundedKopecks: number
  /** What returning the whole would do, or what is left of it; null where nothing is. */
  whole: Returned | null
  /** So long ago that it needs the PIN. */
  isLate: boolean
}

/** What a return does; the ledger decides. */
export interface Returned {
  kopecks: number
  /** Points that were spent and come back. */
  givenBack: number
  /** Points that were earned and are taken; null: only the cloud can tell. */
  taken: number | null
  /** Where nothing is left after it: whether the voucher of the purchase can be used again. Absent: it had none, or nobody knows. */
  voucherAfter?: 'usable' | 'gone'
}
