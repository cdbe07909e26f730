import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'

interface ChangedCustomer {
  card: string
  firstName: string | null
  available: number
  status: 'active' | 'frozen' | 'erased'
}

/**
 * Where a reader stands. First it walks all customers by id, remembering the transaction it began at;
 * then it follows the changes by the transaction that made them. Transactions below `horizon` have all
 * ended, so that nothing is missed however long one took to commit.
 */
type Cursor = { walk: { lastId: number; began: number } } | { follow: { tx: number; lastId: number } }

interface Page {
  customers: ChangedCustomer[]
  cursor: string
  more: boolean
}

export async function readChanges(
  sql: Sql,
  { since, limit, now }: { since: string | undefined; limit: number; now: Instant },
): Promise<Page> {
  const horizon = await readHorizon(sql)
  const cursor = parseCursor(since)
  // A cursor from the future was made by another database, before a restore: begin again.
  if (cursor && 'follow' in cursor && cursor.follow.tx <= horizon)
    return await follow(sql, cursor.follow, { horizon, limit, now })
  const walking = cursor && 'walk' in cursor && cursor.walk.began <= horizon
  return await walk(sql, walking ? cursor.walk : { lastId: 0, began: horizon }, { limit, now })
}

async function readHorizon(sql: Sql): Promise<number> {
  const [row] = await sql<{ horizon: number }[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon`
  return row?.horizon ?? 0
}

const changedColumns = (sql: Sql, now: Instant) => sql`
  c.id, c.card, c.first_name as "firstName", c.status,
  coalesce((select sum(remaining) from lots
    where customer_id = c.id and remaining > 0 and expires_at > ${toIso(now)}), 0)::int as available`

async function walk(
  sql: Sql,
  from: { lastId: number; began: number },
  { limit, now }: { limit: number; now: Instant },
) {
  const rows = await sql<(ChangedCustomer & { id: number })[]>`
    select ${changedColumns(sql, now)} from customers c where c.id > ${from.lastId} order by c.id limit ${limit}`
  const last = rows.at(-1)
  const more = rows.length === limit
  return page(
    rows,
    more && last
      ? { walk: { lastId: last.id, began: from.began } }
      : { follow: { tx: from.began, lastId: 0 } },
    more,
  )
}

async function follow(
  sql: Sql,
  from: { tx: number; lastId: number },
  { horizon, limit, now }: { horizon: number; limit: number; now: Instant },
) {
  const rows = await sql<(ChangedCustomer & { id: number; tx: number })[]>`
    with changed as (
      select customer_id, max(tx) as tx
      from (
        select customer_id, tx from operations
        where tx >= ${String(from.tx)}::xid8 and tx < ${String(horizon)}::xid8 and status = 'accepted'
        union all
        select id, profile_tx from customers
        where profile_tx >= ${String(from.tx)}::xid8 and profile_tx < ${String(horizon)}::xid8) all_changes
      group by customer_id)
    select ${changedColumns(sql, now)}, changed.tx::text::bigint as tx
    from changed join customers c on c.id = changed.customer_id
    where (changed.tx, c.id) > (${String(from.tx)}::xid8, ${from.lastId})
    order by changed.tx, c.id
    limit ${limit}`
  const last = rows.at(-1)
  const more = rows.length === limit
  return page(
    rows,
    { follow: more && last ? { tx: last.tx, lastId: last.id } : { tx: horizon, lastId: 0 } },
    more,
  )
}

function page(rows: ChangedCustomer[], cursor: Cursor, more: boolean): Page {
  const customers = rows.map(({ card, firstName, available, status }) => ({
    card,
    firstName,
    available,
    status,
  }))
  return { customers, cursor: formatCursor(cursor), more }
}

function formatCursor(cursor: Cursor): string {
  return 'walk' in cursor
    ? `w.${cursor.walk.lastId}.${cursor.walk.began}`
    : `f.${cursor.follow.tx}.${cursor.follow.lastId}`
}

/** What is no cursor of ours counts as none: the reader begins again and loses nothing. */
function parseCursor(text: string | undefined): Cursor | null {
  const [, way, first, second] = /^([wf])\.(\d{1,15})\.(\d{1,15})$/.exec(text ?? '') ?? []
  if (way === 'w') return { walk: { lastId: Number(first), began: Number(second) } }
  if (way === 'f') return { follow: { tx: Number(first), lastId: Number(second) } }
  return null
}
