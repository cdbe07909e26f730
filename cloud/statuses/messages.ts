import type { Book } from '../../shared/rules/book.ts'
import { keptWith, stepOf } from '../../shared/rules/status.ts'
import { DAY, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import type { StatusFacts } from '../notifications/facts.ts'
import type { Snapshot } from './snapshots.ts'

/**
 * Tells people of a change of their status, in the transaction of the change. The changes by a new book are for its
 * publisher to announce, and are not told to a hundred thousand people one by one. The lock on a person keeps one who is
 * being erased from getting a message that nobody would delete.
 */
export async function planMessages(sql: Tx, snapshots: Snapshot[], book: Book): Promise<void> {
  const told = snapshots.flatMap((snapshot) => {
    const facts = factsOf(snapshot, book)
    return facts ? [{ ...snapshot, facts }] : []
  })
  if (told.length === 0) return
  await sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
    select told.customer_id, 'status', told.seq::text, told.facts, told.at, told.at
    from unnest(
      ${told.map(({ customerId }) => customerId)}::bigint[],
      ${told.map(({ seq }) => seq)}::int[],
      ${told.map(({ facts }) => JSON.stringify(facts))}::text[]::jsonb[],
      ${told.map(({ at }) => toIso(at))}::timestamptz[]) as told(customer_id, seq, facts, at)
    cross join lateral (
      select from people
      where people.customer_id = told.customer_id and notify_status and unreachable_since is null
        and (select status from customers where id = people.customer_id) = 'active'
      limit 1
      for key share of people) person
    on conflict do nothing`
}

function factsOf({ before, after, cause, value, until }: Snapshot, book: Book): StatusFacts | null {
  if (cause === 'book' || cause === 'kept') return null
  const [from, to] = [stepOf(book, before), stepOf(book, after)]
  const status = book.statuses[to]
  const title = status?.title ?? null
  const { metric, grace_days } = book.status_terms
  if (cause === 'notice')
    return status && until !== null
      ? {
          what: 'at_risk',
          title: status.title,
          metric,
          missing: keptWith(status) - value,
          until: until - grace_days * DAY,
        }
      : null
  if (to > from && title !== null) return { what: 'up', title, benefits: status?.benefits ?? [] }
  return to < from ? { what: 'down', title } : null
}
