import type { CustomerView } from '../../shared/operation.ts'
import type { Instant } from '../../shared/time.ts'
import {
  type Account,
  type Executed,
  keyOf,
  type LotLife,
  type Merged,
  type Posting,
  viewOf,
} from './account.ts'
import { advanceCounts, nothingCounted } from './counts.ts'
import { type Brought, mostOf, type unmergeAccounts, withoutParted } from './merge.ts'
import type { Voucher } from './vouchers.ts'

type OwnCounts = ReturnType<typeof nothingCounted> & { purchases: number; voucherUses: Map<number, number> }

interface Kept {
  byCard: Map<string, Account>
  byId: Map<number, Account>
  known: Map<string, Executed>
  vouchers: ReadonlyMap<number, Voucher>
  /** Undoes a merge: `unmergeAccounts`, except where a test plants a bug. */
  partBy: typeof unmergeAccounts
}

/** Which customers of the ledger in memory are one by now, and what each of them has brought and counted. */
export function createMemoryMerges({ byCard, byId, known, vouchers, partBy }: Kept) {
  /** By the customer who was merged: the customer who stayed, and what the merge brought. */
  const merges = new Map<number, Brought & { into: number }>()
  /** By operation that a merge has moved: the customer whose it was. */
  const makers = new Map<string, number>()
  /** By customer: the counts of the purchases that they made themselves. */
  const ofMakers = new Map<number, OwnCounts>()

  /** A customer and those who were merged into them. */
  const everyOf = (customerId: number): number[] => [
    customerId,
    ...[...merges].flatMap(([given, { into }]) => (into === customerId ? everyOf(given) : [])),
  ]

  /** Counts an operation for the customer who made the purchase, also where they are merged by now. */
  function count({ operation, counted, voucher: move }: Posting): void {
    const id = counted?.purchase.id ?? operation.referenceId ?? operation.id
    const maker = makers.get(id) ?? operation.customerId
    const own = ofMakers.get(maker) ?? { purchases: 0, ...nothingCounted(), voucherUses: new Map() }
    ofMakers.set(maker, own)
    if (counted) advanceCounts(own, counted)
    const batchId = move && vouchers.get(move.id)?.batchId
    if (batchId) own.voucherUses.set(batchId, (own.voucherUses.get(batchId) ?? 0) + move.held + move.used)
  }

  /** Counts an account anew, as the sum of all customers who are one by now. */
  function recount(account: Account): void {
    Object.assign(account, { purchases: 0, latest: new Map(), uses: new Map(), days: new Map() })
    for (const own of everyOf(account.customerId).flatMap((id) => ofMakers.get(id) ?? [])) {
      account.purchases += own.purchases
      for (const [id, at] of own.latest) account.latest.set(id, at)
      for (const [use, uses] of own.uses) account.uses.set(use, (account.uses.get(use) ?? 0) + uses)
      for (const [day, { points, purchases }] of own.days) {
        const before = account.days.get(day) ?? { points: 0, purchases: 0 }
        account.days.set(day, { points: before.points + points, purchases: before.purchases + purchases })
      }
    }
  }

  const usesOfBatch = (customerId: number, batchId: number) =>
    everyOf(customerId).reduce((total, id) => total + (ofMakers.get(id)?.voucherUses.get(batchId) ?? 0), 0)

  /** Operations and holds of one account become another's. */
  function moveHistory(from: Account, to: Account, isMoved: (operation: Executed) => boolean): void {
    for (const [id, operation] of from.operations) {
      if (!isMoved(operation)) continue
      const hold = from.holds.get(id)
      to.operations.set(id, operation)
      if (hold) to.holds.set(id, hold)
      from.operations.delete(id)
      from.holds.delete(id)
    }
    for (const executed of known.values())
      if (executed.customerId === from.customerId && isMoved(executed)) executed.customerId = to.customerId
  }

  /** Moves all that one customer had to the one who stays, for whom their card stands from now on. */
  function moveEverything(merged: Merged, kept: Account): void {
    const { customerId, lots, balance, debt, lastEntry, parts, debtMoved } = merged
    const given = accountOf(customerId)
    for (const id of given.operations.keys()) if (!makers.has(id)) makers.set(id, customerId)
    moveHistory(given, kept, () => true)
    Object.assign(given, { balance, debt, lastEntry })
    for (const lot of lots) given.lots.set(keyOf(lot), lot)
    merges.set(customerId, { into: kept.customerId, parts, debt: debtMoved })
    for (const account of [given, kept]) recount(account)
    for (const [card, account] of byCard) if (account === given) byCard.set(card, kept)
  }

  /** Undoes the merge of the customer with this card; null: the card stands for no other customer. */
  function unmerge(card: string, now: Instant): CustomerView | null {
    const given = [...byId.values()].find((account) => account.card === card)
    const kept = byCard.get(card)
    const merge = given && merges.get(given.customerId)
    if (!merge || !kept) return null
    const isThere = (life: LotLife) => [given, kept].every(({ lots }) => lots.has(keyOf(life)))
    const further: (Brought & { into: number })[] = []
    for (let next = merges.get(merge.into); next; next = merges.get(next.into)) further.push(next)
    const { parts, debt } = mostOf(merge, further)
    const { merged, ...own } = partBy(kept, given, { parts: parts.filter(isThere), debt, now })
    for (const [account, { balance, debt, lastEntry, lots }] of [
      [given, own],
      [kept, merged],
    ] as const) {
      Object.assign(account, { balance, debt, lastEntry })
      for (const lot of lots) account.lots.set(keyOf(lot), lot)
    }
    merges.delete(given.customerId)
    for (const next of further) Object.assign(next, withoutParted(next, merged.parts, merged.debtMoved))
    const ids = new Set(everyOf(given.customerId))
    const makerOf = ({ id, referenceId }: Executed) => makers.get(referenceId ?? '') ?? makers.get(id) ?? 0
    moveHistory(kept, given, (operation) => ids.has(makerOf(operation)))
    for (const account of [given, kept]) recount(account)
    for (const id of ids) byCard.set(accountOf(id).card, given)
    return viewOf(given, now)
  }

  function accountOf(customerId: number): Account {
    const account = byId.get(customerId)
    if (!account) throw new Error(`there is no customer ${customerId}`)
    return account
  }

  return {
    count,
    usesOfBatch,
    moveEverything,
    unmerge,
    /** Every card that stands for this customer. */
    cardsOf: (customerId: number): string[] => everyOf(customerId).map((id) => accountOf(id).card),
    /** Forgets the makers of operations that are not kept any more. */
    forget(): void {
      for (const id of makers.keys()) if (!known.has(id)) makers.delete(id)
    },
  }
}
