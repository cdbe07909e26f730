import { type Instant, toIso } from '../../shared/time.ts'
import { bigints, ints, moments, tableOf } from '../database/columns.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Executed } from './account.ts'

interface Visit {
  programmeId: number
  storeId: number
  customerId: number
  seenAt: Instant
}

/**
 * Notes which customers were seen in which store, in the statement that moves the points. Most visits are of a customer who
 * was noted within the day: those cost a look at the key and a lock of the row, which stays as it is. The key is the only index
 * that a conflict is looked for in: a join took another one in a young database, and walked through the whole store.
 */
export function noteVisits(sql: Tx, executed: Executed[]) {
  const visits = new Map<string, Visit>()
  for (const { author, programmeId, customerId, recordedAt, outcome } of executed) {
    if (author.type !== 'register' || outcome.status !== 'accepted') continue
    const { storeId } = author
    visits.set(`${storeId} ${customerId}`, { programmeId, storeId, customerId, seenAt: recordedAt })
  }
  if (visits.size === 0) return null
  const rows = [...visits.values()]
  const table = tableOf(sql, rows, [
    ints((row) => row.programmeId),
    ints((row) => row.storeId),
    bigints((row) => row.customerId),
    moments((row) => row.seenAt),
  ])
  return sql`
    insert into store_customers (programme_id, store_id, customer_id, last_seen_at)
    select visit.programme_id, visit.store_id, visit.customer_id, visit.seen_at
    from ${table} as visit(programme_id, store_id, customer_id, seen_at)
    on conflict (store_id, customer_id) do update
    set last_seen_at = excluded.last_seen_at, is_gone = false
    where store_customers.is_gone or store_customers.last_seen_at <= excluded.last_seen_at - interval '1 day'`
}

/**
 * Marks customers for whom time alone has changed something: registers are told of customers whom their store has not seen
 * for too long and, where the programme keeps them longer now, of those who are back. Marks some of them; returns how many.
 */
export async function turnVisits(
  sql: Sql,
  { programmeId, before, limit }: { programmeId: number; before: Instant; limit: number },
): Promise<number> {
  const turned = await sql`
    update store_customers set is_gone = not is_gone, changed_tx = pg_current_xact_id()
    where ctid = any(array(
      select ctid from store_customers
      where programme_id = ${programmeId} and is_gone <> (last_seen_at < ${toIso(before)}) limit ${limit}
      for update skip locked))`
  return turned.count
}
