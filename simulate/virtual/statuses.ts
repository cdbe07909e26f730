import type { Posting } from '../../cloud/ledger/account.ts'
import type { MemoryLedger } from '../../cloud/ledger/memory.ts'
import type { StatusNow } from '../../cloud/ledger/statuses.ts'
import type { Book } from '../../shared/rules/book.ts'
import { earnedPoints, type Quote } from '../../shared/rules/quote.ts'
import { type Entry, entryStatus, nextStatus, type Standing } from '../../shared/rules/status.ts'
import { DAY, type Instant } from '../../shared/time.ts'

interface Bought {
  knownAt: Instant
  kopecks: number
  earned: number
}

interface Member {
  /** Those that were earned or applied, by the operation that began them. */
  purchases: Map<string, Bought>
  /** Redemptions whose discount 1C has not taken yet. */
  promised: Map<string, Quote>
  standing: Standing | null
  entry: { before: string | null; needed: number | null; at: Instant } | null
}

export type StatusKeeper = ReturnType<typeof createStatusKeeper>

/**
 * The statuses of a cloud without a database: the measure is counted from what the ledger has posted, and the rest is the
 * rule of the real one. A run is shorter than any period, so that nobody falls but by returns and other books.
 */
export function createStatusKeeper({
  ledger,
  tell,
}: {
  ledger: MemoryLedger
  tell: (card: string, status: string | null, from: Instant) => void
}) {
  const members = new Map<string, Member>()
  const changed = new Set<string>()
  let lastLadder = ''

  const memberOf = (card: string): Member => {
    const known = members.get(card)
    if (known) return known
    const member: Member = { purchases: new Map(), promised: new Map(), standing: null, entry: null }
    members.set(card, member)
    return member
  }

  const everyOf = (card: string): Member[] => ledger.cardsOf(card).map(memberOf)

  function measureOf(card: string, { metric }: Book['status_terms'], until = Number.POSITIVE_INFINITY) {
    const known = everyOf(card).flatMap(({ purchases }) =>
      [...purchases.values()].filter(({ knownAt }) => knownAt <= until),
    )
    if (metric === 'purchases') return known.length
    return known.reduce(
      (total, { kopecks, earned }) => total + (metric === 'earned_points' ? earned : kopecks),
      0,
    )
  }

  function note(card: string, { operation }: Posting): void {
    const { id, kind, recordedAt: knownAt, quote, referenceId, refundKopecks } = operation
    const { promised } = memberOf(card)
    const begin = (id: string, quote: Quote, { purchases } = memberOf(card)) =>
      purchases.set(id, { knownAt, kopecks: quote.paidKopecks, earned: earnedPoints(quote) })
    if (kind === 'earn' && quote) begin(id, quote)
    else if (kind === 'redeem' && quote) promised.set(id, quote)
    else if (kind === 'apply' && quote && referenceId)
      // The status goes with the customer who reached it, whoever they are by now.
      begin(
        referenceId,
        quote,
        everyOf(card).find(({ promised }) => promised.has(referenceId)),
      )
    else if (kind === 'refund' && referenceId) {
      const maker = everyOf(card).find(({ purchases }) => purchases.has(referenceId))
      const sale = maker?.purchases.get(referenceId)
      if (!maker || !sale)
        throw new Error(`goods of ${referenceId} came back, and nobody knows that it was sold`)
      const left = {
        ...sale,
        kopecks: sale.kopecks - (refundKopecks ?? 0),
        earned: sale.earned + operation.earned,
      }
      if (left.kopecks === 0) maker.purchases.delete(referenceId)
      else maker.purchases.set(referenceId, left)
    } else return
    changed.add(card)
  }

  return {
    note,

    /** Two cards were merged, or parted: what each of them has bought counts for others now. */
    regroup(cards: readonly string[]): void {
      for (const card of cards) changed.add(card)
    },

    /** Looks after who did something, and after everybody where the book has other statuses. */
    follow(book: Book, now: Instant): void {
      const ladder = JSON.stringify([book.statuses, book.status_terms])
      const by = ladder === lastLadder ? 'purchase' : 'book'
      lastLadder = ladder
      if (book.statuses.length === 0) return
      for (const card of by === 'book' ? members.keys() : changed) {
        if (ledger.account(card)?.card !== card) continue
        const member = memberOf(card)
        const { entry, standing } = member
        const value = measureOf(card, book.status_terms)
        const left = entry && measureOf(card, book.status_terms, entry.at)
        const change = nextStatus({
          ...{ ladder: book, standing, by, now, measured: { value, before: null } },
          entry: entry && ({ ...entry, left } satisfies Entry),
          dayFrom: (days) => now + days * DAY,
        })
        if (!change) continue
        const { status, cause, until, needed } = change
        const before = standing ? standing.status : entryStatus(book)
        if (before !== status) member.entry = { before, needed, at: now }
        member.standing = { at: now, status, cause, until, value }
        ledger.setStatus(card, status, now)
        tell(card, status, now)
      }
      changed.clear()
    },

    /** As a look-up says it. */
    standing(card: string, book: Book): StatusNow | null {
      if (book.statuses.length === 0) return null
      const member = memberOf(card)
      const status = member.standing ? member.standing.status : entryStatus(book)
      return { status, value: measureOf(card, book.status_terms) }
    },
  }
}
