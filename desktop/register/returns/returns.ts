import type { Purchase } from '../../../shared/api.ts'
import type { FoundPurchase, FoundPurchases, Returned } from '../../../shared/bridge.ts'
import { dayIn } from '../../../shared/lastDay.ts'
import { paidKopecks } from '../../../shared/money.ts'
import { defaultProgramme } from '../../../shared/programme.ts'
import type { Reading } from '../../../shared/reading.ts'
import { bookAt } from '../../../shared/rules/book.ts'
import { earnedPoints, quote } from '../../../shared/rules/quote.ts'
import {
  isNothingLeft,
  type Refunded,
  refundPoints,
  restOf,
  type Sold,
} from '../../../shared/rules/refund.ts'
import { DAY, type Instant } from '../../../shared/time.ts'
import { readShown } from '../customers/shownText.ts'
import type { openLists, SoldHere } from '../outbox/recent.ts'
import { booksOf, type SettingsFile } from '../settings/settings.ts'
import type { CloudClient } from '../sync/client.ts'
import type { Connection } from '../sync/connection.ts'
import type { CloudTime } from '../time/cloudTime.ts'

export interface ReturnsOptions {
  connection: () => (Pick<Connection, 'signal'> & { client: Pick<CloudClient, 'purchases'> }) | null
  lists: Pick<ReturnType<typeof openLists>, 'search' | 'refundsOf' | 'voucherOf'>
  settings: Pick<SettingsFile, 'current'>
  time: Pick<CloudTime, 'guess'>
}

/** The receipt, card or day by which a purchase is looked for. */
export interface Wanted {
  receipt?: string | undefined
  card?: string | undefined
  daysAgo?: number | undefined
}

type Query = Parameters<CloudClient['purchases']>[0]

/** A purchase, and the facts by which the rule says what its return does; null: this till was never told them. */
interface Found {
  facts: Omit<FoundPurchase, 'whole' | 'refundedKopecks' | 'isLate'>
  sold: Omit<Sold, 'awards'> & { awards: Sold['awards'] | null }
  before: Refunded
  /** Whether its voucher can be used again once all of it is back, as the cloud has said. */
  voucherAfter?: Returned['voucherAfter'] | undefined
}

const PAGE = 20
/** A day of the shop begins up to so much before, and ends up to so much after, the same day in UTC. */
const ZONES_MS = 14 * (DAY / 24)

/**
 * Finds purchases whose goods come back, and says what a return would do by the rule that the ledger takes them back
 * with. The cloud knows those of all tills of the store; where it does not answer, the journal knows those of this one.
 */
export function createReturns({ connection, lists, settings, time }: ReturnsOptions) {
  let found = new Map<string, Found>()
  /** The latest search: an answer to any other comes too late. */
  let latest: Wanted | null = null

  const zone = () => settings.current().known?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone

  async function find(wanted: Wanted): Promise<FoundPurchases | 'not_a_card'> {
    const { receipt, card: text, daysAgo } = wanted
    latest = wanted
    const card = text === undefined ? undefined : cardOf(text)
    if (card === null) return 'not_a_card'
    const isByDay = daysAgo !== undefined || (receipt === undefined && card === undefined)
    const day = isByDay ? dayIn(zone(), time.guess() - (daysAgo ?? 0) * DAY) : undefined
    const query: Query = { ...(receipt && { receipt }), ...(card && { card }), ...(day && { day }) }

    // Read before the cloud is asked: a refund that it accepts in between counts twice, which is better than not at all.
    const here = searchHere(query)
    const connected = connection()
    const reply = await connected?.client.purchases(query, connected.signal)
    const purchases = reply?.ok
      ? [
          ...here.filter(({ state }) => state === 'waiting').map(fromJournal),
          ...reply.value.purchases.map(fromCloud),
        ]
      : here.map(fromJournal)
    const byId = new Map(purchases.map((purchase) => [purchase.facts.id, purchase]))
    if (latest === wanted) found = byId
    return {
      purchases: [...byId.values()].map(shownOf),
      hasMore: reply?.ok ? reply.value.more : here.length === PAGE,
      of: reply?.ok ? 'store' : 'register',
    }
  }

  /** The card in a text that is scanned from plastic or a phone. */
  function cardOf(text: string): string | null {
    const shown = readShown(text, settings.current().known?.codeKey ?? null)
    return 'card' in shown ? shown.card : null
  }

  function searchHere({ receipt, card, day }: Query) {
    const start = day === undefined ? null : Date.parse(day)
    const between =
      start === null ? { from: null, to: null } : { from: start - ZONES_MS, to: start + DAY + ZONES_MS }
    return lists
      .search({
        receipt: receipt ?? null,
        card: card ?? null,
        ...between,
        limit: day === undefined ? PAGE : -1,
      })
      .filter(
        ({ at, state }) => (state === 'done' || state === 'waiting') && (!day || dayIn(zone(), at) === day),
      )
      .slice(0, PAGE)
  }

  function fromCloud(purchase: Reading<Purchase>): Found {
    const { id, card, firstName, receipt, purchaseKopecks, paidKopecks, spent, awards } = purchase
    const own = settings.current().known?.register.id
    const waiting = lists.refundsOf(id).filter(({ state }) => state === 'queued')
    const { store } = purchase
    const register =
      purchase.register.id === own
        ? null
        : [...(store ? [store.name] : []), purchase.register.name].join(' · ')
    const sold = { paidKopecks, spent, awards }
    return {
      facts: {
        ...{ id, at: Date.parse(purchase.at), register, card, firstName, receipt, purchaseKopecks, spent },
        earned: earnedPoints({ awards }),
      },
      sold,
      before: addUp(sold, { refunds: purchase.refunds, kopecks: purchase.refundedKopecks }, waiting),
      // A word that is new here is as good as none.
      voucherAfter: (['usable', 'gone'] as const).find((word) => word === purchase.voucherAfter),
    }
  }

  function fromJournal(row: SoldHere): Found {
    const { id, at, card, firstName, receipt, purchaseKopecks, spent, earned } = row
    const voucherKopecks = lists.voucherOf(id)?.kopecks ?? 0
    const sold = {
      paidKopecks: paidKopecks(purchaseKopecks, { points: spent, voucherKopecks }),
      spent,
      awards: awardsOf(row, voucherKopecks),
    }
    return {
      facts: { id, at, register: null, card, firstName, receipt, purchaseKopecks, spent, earned },
      sold,
      before: addUp(
        sold,
        { refunds: 0, kopecks: 0 },
        lists.refundsOf(id).filter(({ state }) => state === 'accepted' || state === 'queued'),
      ),
    }
  }

  /** The awards by the book of its time, where this till still has it and it gives what the ledger gave. */
  function awardsOf(
    { at, purchaseKopecks, spent, earned }: SoldHere,
    voucherKopecks: number,
  ): Sold['awards'] | null {
    const { known } = settings.current()
    const purchase = { kopecks: purchaseKopecks, at, storeId: known?.store.id ?? null }
    const { awards } = quote(bookAt(booksOf(known), at), purchase, { points: spent, voucherKopecks })
    return earnedPoints({ awards }) === earned ? awards : null
  }

  function shownOf(purchase: Found): FoundPurchase {
    const { facts, sold, before } = purchase
    const rest = restOf(sold, before)
    const { return_days: days } = settings.current().known?.programme ?? defaultProgramme
    return {
      ...facts,
      refundedKopecks: before.kopecks,
      whole: isNothingLeft(sold, before) ? null : returned(purchase, rest),
      isLate: isLate(facts.at, time.guess(), days),
    }
  }

  return {
    find,

    /** A purchase of those that were found last. */
    take(id: string): FoundPurchase | null {
      const purchase = found.get(id)
      return purchase ? shownOf(purchase) : null
    },

    /** The effect of returning so much of its money; null where it was not found, or less is left. */
    preview(id: string, kopecks: number): Returned | null {
      const purchase = found.get(id)
      if (!purchase || kopecks > restOf(purchase.sold, purchase.before)) return null
      return returned(purchase, kopecks)
    },

    /** Forgets the purchases that were found: a return has changed them. */
    forget(): void {
      latest = null
      found = new Map()
    },
  }
}

const isLate = (at: Instant, now: Instant, days: number) => now - at > days * DAY

/**
 * Without the terms of the awards, a whole return takes all that was earned, and the effect of a partial one is not
 * known.
 */
function returned({ facts, sold, before, voucherAfter }: Found, kopecks: number): Returned {
  const { awards } = sold
  const { clawbacks, givebackPoints } = refundPoints({ ...sold, awards: awards ?? [] }, before, kopecks)
  const isUntouched = before.refunds === 0 && kopecks === sold.paidKopecks
  const known = clawbacks.reduce((total, { points }) => total + points, 0)
  return {
    kopecks,
    givenBack: givebackPoints,
    taken: awards ? known : isUntouched ? facts.earned : null,
    ...(voucherAfter && kopecks === restOf(sold, before) && { voucherAfter }),
  }
}

/** Adds refunds to those that are counted already; a refund of the whole takes all that is left. */
function addUp(
  sold: Pick<Sold, 'paidKopecks'>,
  counted: Refunded,
  more: { kopecks: number | null }[],
): Refunded {
  const isWhole = more.some(({ kopecks }) => kopecks === null)
  const parts = more.reduce((total, { kopecks }) => total + (kopecks ?? 0), counted.kopecks)
  return {
    refunds: counted.refunds + more.length,
    kopecks: isWhole ? sold.paidKopecks : Math.min(parts, sold.paidKopecks),
  }
}
