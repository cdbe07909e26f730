import type { Accepted, CustomerView, HoldState, OperationKind, Refused } from '../../shared/operation.ts'
import { type Instant, toIso } from '../../shared/time.ts'

/** Points earned by one operation, with one expiry. `remaining + expired <= points`; the rest was spent. */
export interface Lot {
  id: string
  earnedAt: Instant
  expiresAt: Instant
  points: number
  remaining: number
  expired: number
}

export interface Hold {
  id: string
  storeId: number
  registerId: number
  state: HoldState
  points: number
  purchaseKopecks: number
  until: Instant
  resolvedBy: string | null
  /** The code it was shown, which no other redemption may use. */
  codeId: string | null
  /** What is still out of each lot, in the order it was taken. */
  parts: { lotId: string; points: number }[]
}

/** Who asks. A register acts for its store; an admin and the system act for the programme. */
export type Author =
  | { type: 'register'; storeId: number; registerId: number }
  | { type: 'admin'; name: string }
  | { type: 'system'; name: string }

/** An operation that was executed, as the ledger keeps it. */
export interface Executed {
  customerId: number
  id: string
  kind: OperationKind
  author: Author
  at: Instant
  recordedAt: Instant
  purchaseKopecks: number | null
  points: number | null
  referenceId: string | null
  refundKopecks: number | null
  receipt: string | null
  reason: string | null
  content: string
  cashbackBasisPoints: number | null
  earned: number
  spent: number
  outcome: Accepted | Refused
}

export type EntryKind =
  | 'earn'
  | 'bonus'
  | 'adjust'
  | 'hold'
  | 'return'
  | 'spend'
  | 'clawback'
  | 'giveback'
  | 'debt_payment'
  | 'expire'

/** One immutable movement on one lot. */
export interface Entry {
  seq: number
  kind: EntryKind
  lotId: string | null
  holdId: string | null
  points: number
  debt: number
  balanceBefore: number
}

/** All the ledger knows of one customer that the operations of a batch may need. Plain data. */
export interface Account {
  customerId: number
  card: string
  firstName: string | null
  status: 'active' | 'frozen' | 'erased'
  /** Every point in every lot, the dead ones too until they are written off. */
  balance: number
  debt: number
  lastEntry: number
  /** The lots with points left, and those that a named hold or original drew on. */
  lots: Map<string, Lot>
  /** The open holds, and the named ones. */
  holds: Map<string, Hold>
  /** Accepted operations that matter to the batch: originals, what settled them, equal purchases nearby. */
  operations: Map<string, Executed>
}

/** What one accepted operation changes: everything that is written, and the next state of the account. */
export interface Posting {
  operation: Omit<Executed, 'outcome'>
  entries: Entry[]
  /** The new state of each lot that was opened or moved. */
  lots: Lot[]
  hold: Hold | null
  balance: number
  debt: number
  lastEntry: number
  discrepancy: Discrepancy | null
}

/** Something a person must settle. */
export interface Discrepancy {
  kind: 'hold_in_doubt' | 'late_apply' | 'audit'
  reference: string
  details: Record<string, unknown>
}

/** The account after a posting. The only function that changes an account. */
export function advance(account: Account, posting: Posting): Account {
  account.balance = posting.balance
  account.debt = posting.debt
  account.lastEntry = posting.lastEntry
  for (const lot of posting.lots) account.lots.set(lot.id, lot)
  if (posting.hold) account.holds.set(posting.hold.id, posting.hold)
  return account
}

export const isOpen = (hold: Hold) =>
  hold.state === 'pending' || hold.state === 'processing' || hold.state === 'in_doubt'

/** Earliest expiry first, then oldest. */
export function bySpendingOrder(a: Lot, b: Lot): number {
  return a.expiresAt - b.expiresAt || a.earnedAt - b.earnedAt || (a.id < b.id ? -1 : 1)
}

export function availablePoints(account: Pick<Account, 'lots'>, now: Instant): number {
  let points = 0
  for (const lot of account.lots.values()) if (lot.expiresAt > now) points += lot.remaining
  return points
}

/** The customer as every answer shows it; dead points are nowhere in it, written off or not. */
export function viewOf(account: Account, now: Instant): CustomerView {
  let available = 0
  let next: { points: number; at: Instant } | null = null
  for (const lot of account.lots.values()) {
    if (lot.remaining === 0 || lot.expiresAt <= now) continue
    available += lot.remaining
    if (next === null || lot.expiresAt < next.at) next = { points: lot.remaining, at: lot.expiresAt }
    else if (lot.expiresAt === next.at) next.points += lot.remaining
  }
  let held = 0
  for (const hold of account.holds.values()) if (isOpen(hold)) held += hold.points
  return {
    card: account.card,
    firstName: account.firstName,
    available,
    held,
    debt: account.debt,
    expiresNext: next && { points: next.points, at: toIso(next.at) },
  }
}
