import type { Instant } from '../time.ts'

/** A sale that moved points, as the screen lists it. */
export interface RecentOperation {
  id: string
  kind: 'earn' | 'redeem'
  at: Instant
  card: string
  firstName: string | null
  purchaseKopecks: number
  spent: number
  earned: number
  /**
   * Waiting: the ledger has not answered yet. Open: it is not known yet whether 1C takes the discount. Parked: it waits
   * for a person of the shop. Handed over: the chain's people have it.
   */
  state: 'waiting' | 'open' | 'done' | 'parked' | 'handed_over'
  refund: 'none' | 'waiting' | 'done' | 'parked' | 'handed_over'
  /** Only a part of the goods came back. */
  isPartly: boolean
  isRefundable: boolean
}

/** An operation of the journal that the ledger has not accepted. */
export interface WaitingOperation {
  id: string
  kind: string
  at: Instant
  card: string | null
  firstName: string | null
  purchaseKopecks: number | null
  points: number | null
}

/** An operation that needs a person, and why. */
export interface ParkedOperation extends WaitingOperation {
  code: string
  message: string
  details: Record<string, unknown>
}
