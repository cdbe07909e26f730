import { bookAt } from '../../shared/rules/book.ts'
import { type Cause, progressOf } from '../../shared/rules/status.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { readRules } from '../ledger/programme.ts'
import { readStatusesNow } from '../ledger/statuses.ts'

interface ChangeRow {
  at: Instant
  before: string | null
  after: string | null
  cause: Cause
  value: number
  periodFrom: Instant
  until: Instant | null
  bookVersion: number
  who: string
  reason: string | null
}

/** A customer's place among the statuses of the valid book, and the changes that led there, the latest first. */
export async function readStatus(
  sql: Tx,
  { customerId, programmeId }: { customerId: number; programmeId: number },
  { now, timeZone }: { now: Instant; timeZone: string },
) {
  const { books } = await readRules(sql, { programmeId, since: now, timeZone })
  const book = bookAt(books, now)
  const standing = (await readStatusesNow(sql, { customerIds: [customerId], book, now })).get(customerId)
  const changes = await sql<ChangeRow[]>`
    select at, before, after, cause, value, period_from as "periodFrom", until, book_version as "bookVersion", who, reason
    from status_snapshots where customer_id = ${customerId} order by seq desc`
  const next = standing ? progressOf(book, standing).next : null
  return {
    status: standing?.status ?? null,
    metric: standing ? book.status_terms.metric : null,
    value: standing?.value ?? null,
    next: next && { status: next.status.name, missing: next.missing },
    changes: changes.map(({ at, periodFrom, until, ...change }) => ({
      ...{
        ...change,
        at: toIso(at),
        periodFrom: toIso(periodFrom),
        until: until === null ? null : toIso(until),
      },
    })),
  }
}
