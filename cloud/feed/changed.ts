import type { Fragment } from 'postgres'
import type { Tx } from '../database/connect.ts'
import { afterFollowed, type Cursor, type Place, type Stand } from './cursor.ts'

/**
 * The customers whose facts, profile or status have changed, in the order of the transactions that changed them. A
 * customer who changed twice may come twice.
 */
export async function readChanged(
  sql: Tx,
  from: Place,
  { stand, limit }: { stand: Stand; limit: number },
): Promise<{ customerIds: number[]; cursor: Cursor; more: boolean }> {
  // Each walks its own index no further than the page can reach.
  const of = (table: Fragment, tx: Fragment, id: Fragment) => sql`(
    select ${tx} as tx, ${id} as customer_id from ${table}
    where (${tx}, ${id}) > (${String(from.tx)}::xid8, ${from.lastId}::bigint) and ${tx} < ${String(stand.horizon)}::xid8
    order by ${tx}, ${id} limit ${limit})`
  const rows = await sql<{ tx: number; customerId: number }[]>`
    select tx::text::bigint as tx, customer_id as "customerId"
    from (
      ${of(sql`customer_facts`, sql`tx`, sql`customer_id`)}
      union
      ${of(sql`customers`, sql`profile_tx`, sql`id`)}
      union
      ${of(sql`status_snapshots`, sql`tx`, sql`customer_id`)}) changed
    order by changed.tx, customer_id
    limit ${limit}`
  const last = rows.length === limit ? rows.at(-1) : undefined
  const cursor = afterFollowed(stand, last ? { tx: last.tx, lastId: last.customerId } : null)
  return {
    customerIds: [...new Set(rows.map(({ customerId }) => customerId))],
    cursor,
    more: last !== undefined,
  }
}
