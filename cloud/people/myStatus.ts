import type { MyStatus } from '../../shared/me.ts'
import { bookAt } from '../../shared/rules/book.ts'
import { progressOf } from '../../shared/rules/status.ts'
import type { Instant } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { readRules } from '../ledger/programme.ts'
import { readStatusesNow } from '../ledger/statuses.ts'

/** The status of a person and how far it is to the next, as they read it; null where the programme has none. */
export async function readMyStatus(
  sql: Sql,
  { programmeId, customerId }: { programmeId: number; customerId: number },
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<MyStatus | null> {
  const { books } = await readRules(sql, { programmeId, since: now, timeZone })
  const book = bookAt(books, now)
  const standing = (await readStatusesNow(sql, { customerIds: [customerId], book, now })).get(customerId)
  if (!standing) return null
  const { status, next } = progressOf(book, standing)
  return {
    title: status?.title ?? null,
    colour: status?.colour ?? null,
    benefits: status?.benefits ?? [],
    cashbackBasisPoints: status?.cashback_basis_points ?? book.base.cashback_basis_points,
    metric: book.status_terms.metric,
    value: standing.value,
    isHighest: status !== null && status === book.statuses.at(-1),
    next: next && { title: next.status.title, from: next.status.from, missing: next.missing },
  }
}
