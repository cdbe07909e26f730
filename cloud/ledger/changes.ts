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
  const { horizon, life } = await readStand(sql)
  const cursor = parseCursor(since, life)
  const context = { horizon, life, limit, now }
  // A cursor from the future is from before somebody put old files in the place of the server's: begin again.
  if (cursor && 'follow' in cursor && cursor.follow.tx <= horizon)
    return await follow(sql, cursor.follow, context)
  const walking = cursor && 'walk' in cursor && cursor.walk.began <= horizon
  return await walk(sql, walking ? cursor.walk : { lastId: 0, began: horizon }, context)
}

interface Stand {
  horizon: number
  /**
   * Which life of the database transactions are counted in. A restore into another server, into another table, or
   * to an earlier point in time begins a new one, in which the numbers of the old one mean something else.
   */
  life: string
}

async function readStand(sql: Sql): Promise<Stand> {
  const [stand] = await sql<Stand[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon,
      left(md5(concat_ws(' ', system_identifier, 'customers'::regclass::oid,
        case when pg_is_in_recovery() then 'recovery' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end
      )), 12) as life
    from pg_control_system()`
  if (!stand) throw new Error('the server did not say where it stands')
  return stand
}

type Context = Stand & { limit: number; now: Instant }

const changedColumns = (sql: Sql, now: Instant) => sql`
  c.id, c.card, c.first_name as "firstName", c.status,
  coalesce((select sum(remaining) from lots
    where customer_id = c.id and remaining > 0 and expires_at > ${toIso(now)}), 0)::bigint as available`

async function walk(
  sql: Sql,
  from: { lastId: number; began: number },
  { life, limit, now }: Context,
): Promise<Page> {
  const rows = await sql<(ChangedCustomer & { id: number })[]>`
    select ${changedColumns(sql, now)} from customers c where c.id > ${from.lastId} order by c.id limit ${limit}`
  const last = rows.at(-1)
  const more = rows.length === limit
  const cursor: Cursor =
    more && last
      ? { walk: { lastId: last.id, began: from.began } }
      : { follow: { tx: from.began, lastId: 0 } }
  return page(rows, { cursor, life, more })
}

async function follow(
  sql: Sql,
  from: { tx: number; lastId: number },
  { horizon, life, limit, now }: Context,
): Promise<Page> {
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
  const cursor = { follow: more && last ? { tx: last.tx, lastId: last.id } : { tx: horizon, lastId: 0 } }
  return page(rows, { cursor, life, more })
}

function page(
  rows: ChangedCustomer[],
  { cursor, life, more }: { cursor: Cursor; life: string; more: boolean },
): Page {
  const customers = rows.map(({ card, firstName, available, status }) => ({
    card,
    firstName,
    available,
    status,
  }))
  return { customers, cursor: formatCursor(cursor, life), more }
}

function formatCursor(cursor: Cursor, life: string): string {
  return 'walk' in cursor
    ? `w.${life}.${cursor.walk.lastId}.${cursor.walk.began}`
    : `f.${life}.${cursor.follow.tx}.${cursor.follow.lastId}`
}

/** What is no cursor of this life counts as none: the reader begins again and loses nothing. */
function parseCursor(text: string | undefined, life: string): Cursor | null {
  const [, way, of, first, second] = /^([wf])\.(\w{1,32})\.(\d{1,15})\.(\d{1,15})$/.exec(text ?? '') ?? []
  if (of !== life) return null
  if (way === 'w') return { walk: { lastId: Number(first), began: Number(second) } }
  if (way === 'f') return { follow: { tx: Number(first), lastId: Number(second) } }
  return null
}
