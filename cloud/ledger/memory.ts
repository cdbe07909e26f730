import type { FoundCustomer } from '../../shared/api.ts'
import type { CustomerView, Outcome } from '../../shared/operation.ts'
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
  type LotLife,
  type Merged,
  type Posting,
  viewOf,
} from './account.ts'
import { budgetsOf, keyOfSpending, nothingSpent, type Spending } from './budgets.ts'
import { advanceCounts, nothingCounted } from './counts.ts'
import { judge } from './judge.ts'
import { type Brought, mostOf, unmergeAccounts, withoutParted } from './merge.ts'
import { isLapsed } from './refusals.ts'
import { partsOf, type Request } from './request.ts'
import { isKnownTo, namedByRequest } from './scope.ts'
import {
  keyOfUses,
  type LoadedVouchers,
  type Voucher,
  type VoucherStanding,
  vouchersNamed,
} from './vouchers.ts'

export interface MemoryLedgerOptions {
  settings: Settings
  /** Of each programme. */
  books: Map<number, Book[]>
  /** What judges a batch: `judge` itself, but where a test plants a bug. */
  judgeBy?: typeof judge
  /** What parts two accounts, likewise. */
  partBy?: typeof unmergeAccounts
}

type OwnCounts = ReturnType<typeof nothingCounted> & { purchases: number; voucherUses: Map<number, number> }

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
  /** Of each register, those that are open. */
  const openHolds = new Map<number, Map<string, Hold>>()
  const discrepancies = new Map<string, Discrepancy>()
  const spendings = new Map<string, Spending>()
  const inDoubtSince = new Map<string, Instant>()
  const vouchers = new Map<number, Voucher>()
  const voucherOfHash = new Map<string, number>()
  /** Of who was merged into another: into whom, and what they brought. */
  const merges = new Map<number, Brought & { into: number }>()
  /** Of operations that a merge has moved, whose they were. */
  const makers = new Map<string, number>()
  /** What was counted of the purchases that each customer made. */
  const ofMakers = new Map<number, OwnCounts>()

  const booksOf = (programmeId: number): Book[] => existing(books, programmeId)

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
    const isKnown = isKnownTo(requests)
    const customerOfOriginal = {
      get(id: string) {
        const original = known.get(id)
        return original && isKnown(original) ? original.customerId : undefined
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

  /** A customer and those who were merged into them. */
  const everyOf = (customerId: number): number[] => [
    customerId,
    ...[...merges].flatMap(([given, { into }]) => (into === customerId ? everyOf(given) : [])),
  ]

  /** What an operation counts is of who made the purchase, whoever they are by now. */
  function count({ operation, counted, voucher: move }: Posting): void {
    const id = counted?.purchase.id ?? operation.referenceId ?? operation.id
    const maker = makers.get(id) ?? operation.customerId
    const own = ofMakers.get(maker) ?? { purchases: 0, ...nothingCounted(), voucherUses: new Map() }
    ofMakers.set(maker, own)
    if (counted) advanceCounts(own, counted)
    const batchId = move && vouchers.get(move.id)?.batchId
    if (batchId) own.voucherUses.set(batchId, (own.voucherUses.get(batchId) ?? 0) + move.held + move.used)
  }

  /** Anew, of all who are one by now. */
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

  /** What was of the one is of the other, and their card stands for the other one. */
  function moveEverything(merged: Merged, kept: Account): void {
    const { customerId, lots, balance, debt, lastEntry, parts, debtMoved } = merged
    const given = existing(byId, customerId)
    for (const id of given.operations.keys()) if (!makers.has(id)) makers.set(id, customerId)
    moveHistory(given, kept, () => true)
    Object.assign(given, { balance, debt, lastEntry })
    for (const lot of lots) given.lots.set(keyOf(lot), lot)
    merges.set(customerId, { into: kept.customerId, parts, debt: debtMoved })
    for (const account of [given, kept]) recount(account)
    for (const [card, account] of byCard) if (account === given) byCard.set(card, kept)
  }

  /** The customer of this card is one of their own again; null: it stands for nobody else. */
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
    for (const id of ids) byCard.set(existing(byId, id).card, given)
    return viewOf(given, now)
  }

  function vouchersFor(requests: Request[], accountOf: (request: Request) => Account | null): LoadedVouchers {
    const { hashes, ids, customers } = vouchersNamed(requests, accountOf)
    const shown = [...hashes].map((hash) => voucherOfHash.get(hash))
    const found = new Set([...shown, ...ids])
    const named = [...found].flatMap((id) => vouchers.get(id ?? 0) ?? []).map(ownedNow)
    const uses = [...customers].flatMap((id) =>
      named.map(({ batchId }) => [keyOfUses(id, batchId), usesOfBatch(id, batchId)] as const),
    )
    return { vouchers: named, uses: new Map(uses) }
  }

  /** The voucher with its present owner, whose card may have been merged. */
  function ownedNow(voucher: Voucher): Voucher {
    const owner = byCard.get(byId.get(voucher.ownerId ?? 0)?.card ?? '')
    return { ...voucher, ownerId: owner?.customerId ?? null }
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
        for (const { id, held, used } of judged.vouchers)
          Object.assign(existing(vouchers, id), { held, used })
        for (const posting of postings) {
          const { discrepancy, merged, operation } = posting
          count(posting)
          if (discrepancy) discrepancies.set(`${discrepancy.kind} ${discrepancy.reference}`, discrepancy)
          if (merged) moveEverything(merged, existing(byId, operation.customerId))
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
      const uses = customerId === null ? 0 : usesOfBatch(customerId, voucher.batchId)
      return { standing: { voucher, uses }, customerId: customerId ?? voucher.ownerId ?? 0 }
    },
    /** Forgets a voucher that can be shown no more. */
    forgetVoucher(hash: string): void {
      vouchers.delete(voucherOfHash.get(hash) ?? 0)
      voucherOfHash.delete(hash)
    },

    unmerge,
    /** Every card that stands for the customer of this one. */
    cardsOf(card: string): string[] {
      const account = byCard.get(card)
      return account ? everyOf(account.customerId).map((id) => existing(byId, id).card) : []
    },
    account: (card: string): Account | undefined => byCard.get(card),
    executed: (id: string): Executed | undefined => known.get(id),
    /** Of everybody who is a customer by now. */
    accounts: () => new Set(byCard.values()),
    /** The card is in Telegram from now on. */
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

    /** Holds whose time is over come into doubt, and after a day to a person. Returns those that came into doubt now. */
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
      for (const id of makers.keys()) if (!known.has(id)) makers.delete(id)
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
