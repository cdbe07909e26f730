import type { Book } from '../../shared/rules/book.ts'
import { segmentsAskedBy } from '../../shared/rules/facts.ts'
import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

/** In which segments these customers are, of those that any book asks for; who is in none is left out. */
export async function loadSegments(
  sql: Sql | Tx,
  customerIds: number[],
): Promise<{ customerId: number; names: string[] }[]> {
  return await sql<{ customerId: number; names: string[] }[]>`
    select customer_id as "customerId", names from customer_segments where customer_id = any(${customerIds}::bigint[])`
}

/** What tills are told: of segments that the valid book or one to come asks for. */
export const carriedSegments = (books: readonly Book[]): ReadonlySet<string> =>
  new Set(books.flatMap(segmentsAskedBy))

/** What was done with a customer is in their segments after so long at most. */
const SETTLED_AFTER_MS = MINUTE

/** Null where something was just done with the customer: in which segments they are is not known again yet. */
export async function readSettledSegments(
  sql: Sql | Tx,
  customerId: number,
  { carried, now }: { carried: ReadonlySet<string>; now: Instant },
): Promise<string[] | null> {
  const [row] = await sql<{ isSettled: boolean; names: string[] | null }[]>`
    select coalesce(last.recorded_at <= ${toIso(now - SETTLED_AFTER_MS)}, true) as "isSettled", names
    from (select ${customerId}::bigint as id) customer
    left join customer_segments on customer_segments.customer_id = customer.id
    left join lateral (
      select recorded_at from operations
      where operations.customer_id = customer.id and status = 'accepted'
      order by operations.customer_id, at desc, operations.id desc limit 1) last on true`
  return row?.isSettled ? (row.names ?? []).filter((name) => carried.has(name)) : null
}

export async function readCarried(
  sql: Sql | Tx,
  customerIds: number[],
  carried: ReadonlySet<string>,
): Promise<Map<number, string[]>> {
  if (carried.size === 0 || customerIds.length === 0) return new Map()
  const rows = await loadSegments(sql, customerIds)
  return new Map(rows.map(({ customerId, names }) => [customerId, names.filter((name) => carried.has(name))]))
}
