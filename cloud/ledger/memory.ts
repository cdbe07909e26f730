import type { FoundCustomer } from '../../shared/api.ts'
import type { Outcome } from '../../shared/operation.ts'
import type { Settings } from '../../shared/programme.ts'
import { type Book, bookAt } from '../../shared/rules/book.ts'
import type { Instant } from '../../shared/time.ts'
import { type Account, bareAccount, type Discrepancy, type Executed, isOpen, viewOf } from './account.ts'
import { budgetsOf, keyOfSpending, nothingSpent, type Spending } from './budgets.ts'
import { judge } from './judge.ts'
import { createMemoryHolds } from './memoryHolds.ts'
import { createMemoryMerges } from './memoryMerges.ts'
import { unmergeAccounts } from './merge.ts'
import { partsOf, type Request } from './request.ts'
import { accountFinder, isKnownTo } from './scope.ts'
import {
  keyOfUses,
  type LoadedVouchers,
  type Voucher,
  type VoucherStanding,
  vouchersNamed,
} from './vouchers.ts'

export interface MemoryLedgerOptions {
  settings: Settings
  /** The published books of each programme. */
  books: Map<number, Book[]>
  /** Judges a batch: `judge`, except where a test plants a bug. */
  judgeBy?: typeof judge
  /** Undoes a merge: `unmergeAccounts`, with the same exception. */
  partBy?: typeof unmergeAccounts
}

export type MemoryLedger = ReturnType<typeof createMemoryLedger>

/**
 * The ledger without a database, for a year of sales in an hour: the same judgement over accounts that are all in
 * memory, one batch at a time. The model test holds it against the ledger on Postgres.
 */
export function createMemoryLedger(options: MemoryLedgerOptions) {
  const { settings, books, judgeBy = judge, partBy = unmergeAccounts } = options
  const byCard = new Map<string, Account>()
  const byId = new Map<number, Account>()
  const known = new Map<string, Executed>()
  const discrepancies = new Map<string, Discrepancy>()
  const spendings = new Map<string, Spending>()
  const vouchers = new Map<number, Voucher>()
  const voucherOfHash = new Map<string, number>()
  const holds = createMemoryHolds({ byId, known, discrepancies, settings })
  const merges = createMemoryMerges({ byCard, byId, known, vouchers, partBy })

  const booksOf = (programmeId: number): Book[] => existing(books, programmeId)

  const rulesIn = (programmeId: number) => ({
    ...{ settings, books: booksOf(programmeId), frozenAt: null },
  })

  function createFinder(requests: Request[]) {
    const isKnown = isKnownTo(requests)
    const customerOfOriginal = {
      get(id: string) {
        const original = known.get(id)
        return original && isKnown(original) ? original.customerId : undefined
      },
    }
    return accountFinder(requests, { byId, byCard, customerOfOriginal })
  }

  function vouchersFor(requests: Request[], accountOf: (request: Request) => Account | null): LoadedVouchers {
    const { hashes, ids, customers } = vouchersNamed(requests, accountOf)
    const shown = [...hashes].map((hash) => voucherOfHash.get(hash))
    const found = new Set([...shown, ...ids])
    const named = [...found].flatMap((id) => vouchers.get(id ?? 0) ?? []).map(ownedNow)
    const uses = [...customers].flatMap((id) =>
      named.map(({ batchId }) => [keyOfUses(id, batchId), merges.usesOfBatch(id, batchId)] as const),
    )
    return { vouchers: named, uses: new Map(uses) }
  }

  /** The voucher with its present owner, whose card may have been merged. */
  function ownedNow(voucher: Voucher): Voucher {
    const owner = byCard.get(byId.get(voucher.ownerId ?? 0)?.card ?? '')
    return { ...voucher, ownerId: owner?.customerId ?? null }
  }

  return {
    settings: (): Settings => settings,
    books: (programmeId: number): readonly Book[] => booksOf(programmeId),
    publish: (programmeId: number, book: Book): void => void booksOf(programmeId).push(book),

    addCustomer(
      { programmeId, card }: { programmeId: number; card: string },
      firstName: string | null,
      registeredAt: Instant,
    ): void {
      const customerId = byId.size + 1
      const account = bareAccount({
        ...{ programmeId, customerId, card, firstName, status: 'active', registeredAt },
        ...{ balance: 0, debt: 0, lastEntry: 0, purchases: 0 },
      })
      byCard.set(card, account)
      byId.set(customerId, account)
    },

    /** The customer has this status from this moment on. */
    setStatus: (card: string, name: string | null, from: Instant): void =>
      void byCard.get(card)?.statuses.push({ name, from }),

    setSegments(card: string, names: string[]): void {
      const account = byCard.get(card)
      if (account) account.segments = names
    },

    post(requests: Request[], now: Instant): Outcome[] {
      return partsOf(requests).flatMap((part) => {
        const finder = createFinder(part)
        for (const key of budgetsOf(part, finder.accountOf, rulesIn))
          if (!spendings.has(keyOfSpending(key))) spendings.set(keyOfSpending(key), nothingSpent(key))
        const { outcomes, postings, ...judged } = judgeBy(part, {
          ...{ rulesIn, now, known, spendings, quotas: holds.quotasAt(now) },
          vouchers: vouchersFor(part, finder.accountOf),
          ...finder,
        })
        for (const { id, held, used } of judged.vouchers)
          Object.assign(existing(vouchers, id), { held, used })
        for (const posting of postings) {
          const { discrepancy, merged, operation } = posting
          merges.count(posting)
          if (discrepancy) discrepancies.set(`${discrepancy.kind} ${discrepancy.reference}`, discrepancy)
          if (merged) merges.moveEverything(merged, existing(byId, operation.customerId))
        }
        return outcomes
      })
    },

    /** A code that may be shown from now on. */
    addVoucher(voucher: Voucher): void {
      vouchers.set(voucher.id, { ...voucher })
      voucherOfHash.set(voucher.hash, voucher.id)
    },
    voidVoucher(id: number): void {
      const voucher = vouchers.get(id)
      if (voucher) voucher.isVoid = true
    },
    vouchers: (): Voucher[] => [...vouchers.values()],
    voucher: (id: number): Voucher | undefined => vouchers.get(id),
    /** As the routes find a code, and the customer of the card that is shown with it. */
    shown(hash: string, card: string | null): { standing: VoucherStanding; customerId: number } | null {
      const found = vouchers.get(voucherOfHash.get(hash) ?? 0)
      if (!found) return null
      const voucher = ownedNow(found)
      const customerId = (card !== null && byCard.get(card)?.customerId) || null
      const uses = customerId === null ? 0 : merges.usesOfBatch(customerId, voucher.batchId)
      return { standing: { voucher, uses }, customerId: customerId ?? voucher.ownerId ?? 0 }
    },
    /** Forgets a voucher that can be shown no more. */
    forgetVoucher(hash: string): void {
      vouchers.delete(voucherOfHash.get(hash) ?? 0)
      voucherOfHash.delete(hash)
    },

    unmerge: merges.unmerge,
    /** Every card that stands for the customer of this one. */
    cardsOf(card: string): string[] {
      const account = byCard.get(card)
      return account ? merges.cardsOf(account.customerId) : []
    },
    account: (card: string): Account | undefined => byCard.get(card),
    executed: (id: string): Executed | undefined => known.get(id),
    /** The accounts of all who are a customer by now, without those that were merged into another. */
    accounts: () => new Set(byCard.values()),
    /** The card is in Telegram from now on. */
    enterTelegram(card: string): void {
      const account = byCard.get(card)
      if (account) account.isInTelegram = true
    },
    discrepancies: () => [...discrepancies.values()],
    spendings: () => [...spendings.values()],
    openHolds: holds.all,
    openHoldsOf: holds.of,
    claim: holds.claim,
    sweep: holds.sweep,

    /** As the routes find a customer. */
    view(card: string, now: Instant): FoundCustomer | null {
      const account = byCard.get(card)
      if (!account || account.status === 'erased') return null
      return { ...viewOf(account, now), status: account.status }
    },

    /** Forgets what no operation can name any more: operations, closed holds and dead lots from before this moment. */
    forget(before: Instant): void {
      for (const published of books.values()) {
        const valid = bookAt(published, before)
        const left = published.filter((book) => book === valid || book.validFrom > before)
        published.splice(0, published.length, ...left)
      }
      for (const [id, { recordedAt }] of known) if (recordedAt < before) known.delete(id)
      merges.forget()
      for (const { operations, holds, lots } of byId.values()) {
        for (const [id, hold] of holds)
          if (!isOpen(hold) && (operations.get(id)?.recordedAt ?? 0) < before) holds.delete(id)
        for (const [id, { recordedAt }] of operations)
          if (recordedAt < before && !holds.has(id)) operations.delete(id)
        for (const [key, { remaining, expiresAt }] of lots)
          if (remaining === 0 && expiresAt < before) lots.delete(key)
      }
    },
  }
}

function existing<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key)
  if (value === undefined) throw new Error(`there is no ${key}`)
  return value
}
