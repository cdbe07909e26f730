import type { FoundCustomer } from '../../shared/api.ts'
import type { Outcome } from '../../shared/operation.ts'
import type { Settings } from '../../shared/programme.ts'
import { type Book, bookAt } from '../../shared/rules/book.ts'
import { DAY, type Instant } from '../../shared/time.ts'
import {
  type Account,
  type Author,
  actsIn,
  type Discrepancy,
  type Executed,
  type Hold,
  isOpen,
  keyOf,
  type Merged,
  viewOf,
} from './account.ts'
import { budgetsOf, keyOfSpending, nothingSpent, type Spending } from './budgets.ts'
import { nothingCounted } from './counts.ts'
import { judge } from './judge.ts'
import { isLapsed } from './refusals.ts'
import { partsOf, type Request, referenceOf } from './request.ts'
import { namedByRequest } from './scope.ts'
import {
  keyOfUses,
  type LoadedVouchers,
  type Voucher,
  type VoucherMove,
  type VoucherStanding,
  vouchersNamed,
} from './vouchers.ts'

export interface MemoryLedgerOptions {
  settings: Settings
  /** Of each programme. */
  books: Map<number, Book[]>
  /** What judges a batch: `judge` itself, but where a test plants a bug. */
  judgeBy?: typeof judge
}

export type MemoryLedger = ReturnType<typeof createMemoryLedger>

/**
 * The ledger without a database, for a year of sales in an hour: the same judgement over accounts that are all in
 * memory, one batch at a time. The model test holds it against the ledger on Postgres.
 */
export function createMemoryLedger({ settings, books, judgeBy = judge }: MemoryLedgerOptions) {
  const byCard = new Map<string, Account>()
  const byId = new Map<number, Account>()
  const known = new Map<string, Executed>()
  /** Of each register, those that are open. */
  const openHolds = new Map<number, Map<string, Hold>>()
  const discrepancies = new Map<string, Discrepancy>()
  const spendings = new Map<string, Spending>()
  const inDoubtSince = new Map<string, Instant>()
  const vouchers = new Map<number, Voucher>()
  const voucherOfHash = new Map<string, number>()
  const voucherUses = new Map<string, number>()

  function booksOf(programmeId: number): Book[] {
    const found = books.get(programmeId)
    if (!found) throw new Error(`there is no programme ${programmeId}`)
    return found
  }

  const rulesIn = (programmeId: number) => ({
    ...{ settings, books: booksOf(programmeId), frozenAt: null },
  })

  function quotasAt(now: Instant) {
    return {
      of(author: Author) {
        if (author.type !== 'register') return null
        const holds = [...(openHolds.get(author.registerId)?.values() ?? [])]
        return { open: holds.filter((hold) => !isLapsed(hold, now)).length, limit: settings.max_open_holds }
      },
      move: (_before: Hold | undefined, after: Hold) => keepOpen(after),
    }
  }

  function keepOpen(hold: Hold): void {
    const holds = openHolds.get(hold.registerId) ?? new Map<string, Hold>()
    openHolds.set(hold.registerId, holds)
    if (isOpen(hold)) holds.set(hold.id, hold)
    else holds.delete(hold.id)
  }

  /** By card, or by the account of what is settled or refunded, which may stand in the same batch. */
  function createFinder(requests: Request[]) {
    const byRequestId = new Map(requests.map((request) => [request.id, request]))
    const askedFor = Map.groupBy(requests, referenceOf)
    const customerOfOriginal = {
      get(id: string) {
        const original = known.get(id)
        const isKnown =
          original && askedFor.get(id)?.some(({ author }) => actsIn(author, original.programmeId))
        return isKnown ? original.customerId : undefined
      },
    }
    const visible = (account: Account | undefined, { author }: Request) =>
      account && actsIn(author, account.programmeId) ? account : null
    return {
      accountOf(request: Request): Account | null {
        const named = namedByRequest(request, byRequestId, customerOfOriginal)
        if (named === null) return null
        return visible(typeof named === 'string' ? byCard.get(named) : byId.get(named), request)
      },
      otherOf: (request: Request): Account | null =>
        request.kind === 'merge' ? visible(byCard.get(request.otherCard), request) : null,
    }
  }

  /** What was of the one is of the other, and their card stands for the other one. */
  function moveEverything({ customerId, lots, balance, debt, lastEntry }: Merged, kept: Account): void {
    const given = byId.get(customerId)
    if (!given) throw new Error(`there is no customer ${customerId}`)
    for (const [id, operation] of given.operations) kept.operations.set(id, operation)
    for (const [id, hold] of given.holds) kept.holds.set(id, hold)
    for (const [id, at] of given.latest) kept.latest.set(id, at)
    for (const [day, { points, purchases }] of given.days) {
      const own = kept.days.get(day) ?? { points: 0, purchases: 0 }
      kept.days.set(day, { points: own.points + points, purchases: own.purchases + purchases })
    }
    for (const [use, uses] of given.uses) kept.uses.set(use, (kept.uses.get(use) ?? 0) + uses)
    kept.purchases += given.purchases
    for (const { id, batchId, ownerId } of [...vouchers.values()]) {
      const key = keyOfUses(given.customerId, batchId)
      const own = keyOfUses(kept.customerId, batchId)
      voucherUses.set(own, (voucherUses.get(own) ?? 0) + (voucherUses.get(key) ?? 0))
      voucherUses.delete(key)
      const voucher = vouchers.get(id)
      if (voucher && ownerId === given.customerId) voucher.ownerId = kept.customerId
    }
    for (const executed of known.values())
      if (executed.customerId === customerId) executed.customerId = kept.customerId
    Object.assign(given, { balance, debt, lastEntry, purchases: 0 })
    for (const lot of lots) given.lots.set(keyOf(lot), lot)
    for (const own of [given.operations, given.holds, given.latest, given.uses, given.days]) own.clear()
    for (const [card, account] of byCard) if (account === given) byCard.set(card, kept)
  }

  function vouchersFor(requests: Request[], accountOf: (request: Request) => Account | null): LoadedVouchers {
    const { hashes, ids, customers } = vouchersNamed(requests, accountOf)
    const shown = [...hashes].map((hash) => voucherOfHash.get(hash))
    const found = new Set([...shown, ...ids])
    const named = [...found].flatMap((id) => vouchers.get(id ?? 0) ?? [])
    const keys = [...customers].flatMap((id) => named.map(({ batchId }) => keyOfUses(id, batchId)))
    return { vouchers: named, uses: new Map(keys.map((key) => [key, voucherUses.get(key) ?? 0])) }
  }

  function countVoucher(move: VoucherMove | null, customerId: number): void {
    const voucher = move && vouchers.get(move.id)
    if (!voucher) return
    const key = keyOfUses(customerId, voucher.batchId)
    voucherUses.set(key, (voucherUses.get(key) ?? 0) + move.held + move.used)
  }

  const everyOpenHold = () => [...openHolds.values()].flatMap((holds) => [...holds.values()])

  /** A hold in another state, for what happens to it without an operation. */
  function turn(hold: Hold, state: Hold['state']): void {
    const turned = { ...hold, state }
    const customerId = known.get(hold.id)?.customerId ?? 0
    byId.get(customerId)?.holds.set(hold.id, turned)
    keepOpen(turned)
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
      const nothing = { balance: 0, debt: 0, lastEntry: 0, lots: new Map(), holds: new Map() }
      const account: Account = {
        ...{ programmeId, customerId, card, firstName, status: 'active', operations: new Map() },
        ...nothing,
        ...{ registeredAt, purchases: 0, ...nothingCounted() },
      }
      byCard.set(card, account)
      byId.set(customerId, account)
    },

    /** From this moment on. */
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
          ...{ rulesIn, now, known, spendings, quotas: quotasAt(now) },
          vouchers: vouchersFor(part, finder.accountOf),
          ...finder,
        })
        for (const voucher of judged.vouchers) vouchers.set(voucher.id, voucher)
        for (const { voucher, operation } of postings) countVoucher(voucher, operation.customerId)
        for (const { discrepancy, merged, operation } of postings) {
          if (discrepancy) discrepancies.set(`${discrepancy.kind} ${discrepancy.reference}`, discrepancy)
          const kept = merged && byId.get(operation.customerId)
          if (kept) moveEverything(merged, kept)
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
      const voucher = vouchers.get(voucherOfHash.get(hash) ?? 0)
      if (!voucher) return null
      const customerId = (card !== null && byCard.get(card)?.customerId) || null
      const uses = customerId === null ? 0 : (voucherUses.get(keyOfUses(customerId, voucher.batchId)) ?? 0)
      return { standing: { voucher, uses }, customerId: customerId ?? voucher.ownerId ?? 0 }
    },
    /** Nobody can show it any more. */
    forgetVoucher(hash: string): void {
      vouchers.delete(voucherOfHash.get(hash) ?? 0)
      voucherOfHash.delete(hash)
    },

    account: (card: string): Account | undefined => byCard.get(card),
    executed: (id: string): Executed | undefined => known.get(id),
    /** Of everybody who is a customer by now. */
    accounts: () => new Set(byCard.values()),
    /** Somebody has this card in Telegram. */
    enterTelegram(card: string): void {
      const account = byCard.get(card)
      if (account) account.isInTelegram = true
    },
    discrepancies: () => [...discrepancies.values()],
    spendings: () => [...spendings.values()],
    openHolds: everyOpenHold,
    openHoldsOf: (registerId: number): Hold[] =>
      [...(openHolds.get(registerId)?.values() ?? [])].sort(
        (one, other) => one.until - other.until || (one.id < other.id ? -1 : 1),
      ),

    /** As the routes find a customer. */
    view(card: string, now: Instant): FoundCustomer | null {
      const account = byCard.get(card)
      if (!account || account.status === 'erased') return null
      return { ...viewOf(account, now), status: account.status }
    },

    /** An agent has these pending ones. */
    claim(ids: readonly string[]): void {
      for (const hold of everyOpenHold()) if (ids.includes(hold.id)) turn(hold, 'processing')
    },

    /** Whose time is over is in doubt, and after a day a person's. Returns those that came into doubt now. */
    sweep(now: Instant): string[] {
      const silent = everyOpenHold().filter(({ state, until }) => state === 'processing' && until <= now)
      for (const hold of silent) {
        turn(hold, 'in_doubt')
        inDoubtSince.set(hold.id, now)
      }
      for (const { id: reference, state, points } of everyOpenHold())
        if (state === 'in_doubt' && (inDoubtSince.get(reference) ?? now) <= now - DAY)
          discrepancies.set(`hold_in_doubt ${reference}`, {
            ...{ kind: 'hold_in_doubt', reference, details: { points } },
          })
      return silent.map(({ id }) => id)
    },

    /** What nobody can ask about any more: executed, closed and dead before this moment. */
    forget(before: Instant): void {
      for (const published of books.values()) {
        const valid = bookAt(published, before)
        const left = published.filter((book) => book === valid || book.validFrom > before)
        published.splice(0, published.length, ...left)
      }
      for (const [id, { recordedAt }] of known) if (recordedAt < before) known.delete(id)
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
