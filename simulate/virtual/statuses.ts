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

  function measureOf(
    { purchases }: Member,
    { metric }: Book['status_terms'],
    until = Number.POSITIVE_INFINITY,
  ) {
    const known = [...purchases.values()].filter(({ knownAt }) => knownAt <= until)
    if (metric === 'purchases') return known.length
    return known.reduce(
      (total, { kopecks, earned }) => total + (metric === 'earned_points' ? earned : kopecks),
      0,
    )
  }

  function note(card: string, { operation }: Posting): void {
    const { id, kind, recordedAt: knownAt, quote, referenceId, refundKopecks } = operation
    const member = memberOf(card)
    const { purchases, promised } = member
    const begin = (id: string, quote: Quote) =>
      purchases.set(id, { knownAt, kopecks: quote.paidKopecks, earned: earnedPoints(quote) })
    if (kind === 'earn' && quote) begin(id, quote)
    else if (kind === 'redeem' && quote) promised.set(id, quote)
    else if (kind === 'apply' && quote && referenceId) begin(referenceId, quote)
    else if (kind === 'refund' && referenceId) {
      const sale = purchases.get(referenceId)
      if (!sale) throw new Error(`goods of ${referenceId} came back, and nobody knows that it was sold`)
      const left = {
        ...sale,
        kopecks: sale.kopecks - (refundKopecks ?? 0),
        earned: sale.earned + operation.earned,
      }
      if (left.kopecks === 0) purchases.delete(referenceId)
      else purchases.set(referenceId, left)
    } else return
    changed.add(card)
  }

  return {
    note,

    /** What the one has bought counts for the other. */
    merge(given: string, kept: string): void {
      const [from, to] = [memberOf(given), memberOf(kept)]
      for (const [id, bought] of from.purchases) to.purchases.set(id, bought)
      for (const [id, quote] of from.promised) to.promised.set(id, quote)
      members.delete(given)
      changed.delete(given)
      changed.add(kept)
    },

    /** Looks after who did something, and after everybody where the book has other statuses. */
    follow(book: Book, now: Instant): void {
      const ladder = JSON.stringify([book.statuses, book.status_terms])
      const by = ladder === lastLadder ? 'purchase' : 'book'
      lastLadder = ladder
      if (book.statuses.length === 0) return
      for (const card of by === 'book' ? members.keys() : changed) {
        const member = memberOf(card)
        const { entry, standing } = member
        const value = measureOf(member, book.status_terms)
        const left = entry && measureOf(member, book.status_terms, entry.at)
        const change = nextStatus({
          ...{ ladder: book, standing, by, now, measured: { value, before: null } },
          entry: entry && ({ ...entry, left } satisfies Entry),
          dayFrom: (days) => now + days * DAY,
        })
        if (!change) continue
        const { status, cause, until, needed } = change
        const before = standing ? standing.status : entryStatus(book)
        if (before !== status) member.entry = { before, needed, at: now }
        member.standing = { status, cause, until, value }
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
      return { status, value: measureOf(member, book.status_terms) }
    },
  }
}
