import type { Item } from '../../shared/items.ts'
import type { Discount } from '../../shared/money.ts'
import type { Accepted, CustomerView, HoldState, OperationKind, Refused } from '../../shared/operation.ts'
import type { Quote } from '../../shared/rules/quote.ts'
import { isRole, type Role } from '../../shared/staff.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import { advanceCounts, type Counted, type Counts, nothingCounted } from './counts.ts'
import type { VoucherMove } from './vouchers.ts'

/** Which lot: nothing else tells two lots of a customer apart. */
export interface LotLife {
  activeFrom: Instant
  expiresAt: Instant
}

/**
 * All points of a customer that become active and die at the same instants, so that a customer has one for each day,
 * however much is bought on it. `remaining + expired <= points`; the rest was taken.
 */
export interface Lot extends LotLife {
  /** Everything that was ever credited to it. */
  points: number
  remaining: number
  expired: number
  /** Expired points that a refund would have taken back and did not: `forgiven <= expired`. */
  forgiven: number
}

/** A lot as the key of a map. */
export const keyOf = ({ activeFrom, expiresAt }: LotLife) => `${activeFrom} ${expiresAt}`

/** The points that came out of one lot. */
export interface Part extends LotLife {
  points: number
}

export function sum(parts: { points: number }[]): number {
  return parts.reduce((total, part) => total + part.points, 0)
}

export interface Hold extends Discount {
  id: string
  storeId: number
  registerId: number
  state: HoldState
  purchaseKopecks: number
  until: Instant
  resolvedBy: string | null
  /** The code it was shown, which no other redemption may use. */
  codeId: string | null
  /** The voucher that it holds or has used, and the refund that gave the use back. */
  voucherId: number | null
  voucherReturnedBy: string | null
  /** The points that are still out of each lot, in the order in which they were taken. */
  parts: Part[]
}

/** A person who works for the chain: at the command line of the server, or in the role that let them do it. */
export interface Staff {
  type: 'admin' | Role
  name: string
}

/** The author of an operation. A register acts for its store, and so in one programme; staff and the system act in all. */
export type Author =
  | {
      type: 'register'
      programmeId: number
      storeId: number
      registerId: number
      /** The hash of its key where the register was let in from memory: the ledger still has to look at the key. */
      keyHash?: string | undefined
    }
  | Staff
  | { type: 'system'; name: string }

export function authorOf(
  register: { id: number; programmeId: number; store: { id: number } },
  keyHash?: string,
): Author {
  const { id: registerId, programmeId, store } = register
  return { type: 'register', programmeId, storeId: store.id, registerId, keyHash }
}

/** Whether the author may see anything of this programme. A register sees no other than its own. */
export const actsIn = (author: Author, programmeId: number) =>
  author.type !== 'register' || author.programmeId === programmeId

/** The store of an operation; null for one of staff or the system. */
export function storeOf(author: Author): number | null {
  return author.type === 'register' ? author.storeId : null
}

export function isStaff(author: Author): author is Staff {
  return author.type === 'admin' || isRole(author.type)
}

/** An operation that was executed, as the ledger keeps it. */
export interface Executed {
  programmeId: number
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
  cashier: string | null
  /** The amount was typed by hand. */
  typed: boolean
  reason: string | null
  content: string
  /** The points that a purchase was judged to earn. A redemption keeps it for its apply, a purchase for its refunds. */
  quote: Quote | null
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
  | 'merge_out'
  | 'merge_in'

/** One immutable movement on one lot. */
export interface Entry {
  seq: number
  kind: EntryKind
  lot: LotLife | null
  /** The rule that an award is by; null: the base of its book, or no award. */
  ruleId: string | null
  holdId: string | null
  points: number
  debt: number
  balanceBefore: number
}

/** All the ledger knows of one customer that the operations of a batch may need. Plain data. */
export interface Account extends Counts {
  programmeId: number
  customerId: number
  card: string
  firstName: string | null
  status: 'active' | 'frozen' | 'erased'
  /** Every point in every lot, the dead ones too until they are written off. */
  balance: number
  debt: number
  lastEntry: number
  /** By `keyOf`: the lots with points left, and all that an operation of the batch may credit or take back from. */
  lots: Map<string, Lot>
  /** The open holds, and the named ones. */
  holds: Map<string, Hold>
  /** Accepted operations that matter to the batch: originals, what settled them, equal purchases nearby. */
  operations: Map<string, Executed>
  /** The card is in Telegram. Known only where two customers become one. */
  isInTelegram?: boolean
}

/** What the row of a customer says of their account. */
export type AccountRow = Omit<
  Account,
  'lots' | 'holds' | 'operations' | keyof ReturnType<typeof nothingCounted>
>

/** The account before its lots, holds, operations and counts are loaded. */
export const bareAccount = (row: AccountRow): Account => ({
  ...row,
  ...{ lots: new Map(), holds: new Map(), operations: new Map() },
  ...nothingCounted(),
})

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
  counted: Counted | null
  /** The goods that were bought, to be kept beside the operation. */
  items: Item[] | null
  /** The change of the voucher of its hold. */
  voucher: VoucherMove | null
  discrepancy: Discrepancy | null
  /** The customer who becomes one with this one, where the operation is a merge. */
  merged: Merged | null
}

/** The account that a merge gives up, as it is afterwards, and what went over to the other one. */
export interface Merged extends Pick<Posting, 'entries' | 'lots' | 'balance' | 'debt' | 'lastEntry'> {
  customerId: number
  parts: MergedPart[]
  debtMoved: number
}

/** The points of one lot that a merge moved, and its expired points that may still be forgiven. */
export interface MergedPart extends Part {
  forgivable: number
}

/** What goes back to one lot when a merge is undone: points that were moved and have expired since go back as expired. */
export interface ReturnedPart extends MergedPart {
  expired: number
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
  for (const lot of posting.lots) account.lots.set(keyOf(lot), lot)
  if (posting.hold) account.holds.set(posting.hold.id, posting.hold)
  if (posting.counted) advanceCounts(account, posting.counted)
  return account
}

/** A hold in one of these has points out that may still come back, or be spent. */
export const openStates = ['pending', 'processing', 'in_doubt'] as const satisfies HoldState[]

export const isOpen = ({ state }: Pick<Hold, 'state'>) => openStates.some((open) => open === state)

/** Earliest expiry first, then oldest. */
export function bySpendingOrder(a: LotLife, b: LotLife): number {
  return a.expiresAt - b.expiresAt || a.activeFrom - b.activeFrom
}

/** Points that are not active yet are taken back before those that could be spent today. */
export function byClawbackOrder(now: Instant) {
  return (a: LotLife, b: LotLife) =>
    Number(a.activeFrom <= now) - Number(b.activeFrom <= now) || bySpendingOrder(a, b)
}

export const canBeSpent = (lot: LotLife, now: Instant) => lot.activeFrom <= now && lot.expiresAt > now

export function availablePoints(account: Pick<Account, 'lots'>, now: Instant): number {
  let points = 0
  for (const lot of account.lots.values()) if (canBeSpent(lot, now)) points += lot.remaining
  return points
}

/** The points that have not expired, also those that cannot be spent yet. */
export function livePoints(account: Pick<Account, 'lots'>, now: Instant): number {
  let points = 0
  for (const lot of account.lots.values()) if (lot.expiresAt > now) points += lot.remaining
  return points
}

/** The customer as every answer shows it; dead points are nowhere in it, written off or not. */
export function viewOf(account: Account, now: Instant): CustomerView {
  const waiting = { points: 0, from: Number.POSITIVE_INFINITY }
  let next: { points: number; at: Instant } | null = null
  for (const lot of account.lots.values()) {
    if (lot.remaining === 0 || lot.expiresAt <= now) continue
    if (!canBeSpent(lot, now)) {
      waiting.points += lot.remaining
      waiting.from = Math.min(waiting.from, lot.activeFrom)
    } else if (next === null || lot.expiresAt < next.at) next = { points: lot.remaining, at: lot.expiresAt }
    else if (lot.expiresAt === next.at) next.points += lot.remaining
  }
  let held = 0
  for (const hold of account.holds.values()) if (isOpen(hold)) held += hold.points
  return {
    card: account.card,
    firstName: account.firstName,
    available: availablePoints(account, now),
    held,
    debt: account.debt,
    expiresNext: next && { points: next.points, at: toIso(next.at) },
    ...(waiting.points > 0 && { waiting: { points: waiting.points, from: toIso(waiting.from) } }),
  }
}
