import type { Fragment } from 'postgres'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { readSettings } from './programme.ts'
import { availableOfCustomer } from './standing.ts'

interface ChangedCustomer {
  card: string
  firstName: string | null
  available: number
  /** `erased`: the person is to be forgotten, also where they were only not seen for too long. */
  status: 'active' | 'frozen' | 'erased'
}

/**
 * Where a reader stands. First it walks the customers of its store by id, remembering the transaction it began at;
 * then it follows the changes by the transaction that made them. Transactions below `horizon` have all
 * ended, so that nothing is missed however long one took to commit.
 */
type Cursor = { walk: { lastId: number; began: number } } | { follow: { tx: number; lastId: number } }

interface Page {
  customers: ChangedCustomer[]
  cursor: string
  more: boolean
  /** The first page of a walk. */
  begins?: true
}

/**
 * The customers that a store has seen in the last while, and what became of them since the reader asked last. A stolen
 * key learns of nobody else by it, and no store learns of another's.
 */
export async function readChanges(
  sql: Sql,
  { storeId, since, limit, now }: { storeId: number; since: string | undefined; limit: number; now: Instant },
): Promise<Page> {
  const [{ horizon, life }, settings] = await Promise.all([readStand(sql, storeId), readSettings(sql)])
  const cursor = parseCursor(since, life)
  const seenSince = now - settings.offline_customers_days * DAY
  const context = { horizon, life, storeId, seenSince, limit, now }
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
   * to an earlier point in time begins a new one, in which the numbers of the old one mean something else. Each store
   * has its own, because the list of another one has other customers in it.
   */
  life: string
}

async function readStand(sql: Sql, storeId: number): Promise<Stand> {
  const [stand] = await sql<Stand[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon,
      left(md5(concat_ws(' ', system_identifier, 'customers'::regclass::oid,
        case when pg_is_in_recovery() then 'recovery' else left(pg_walfile_name(pg_current_wal_lsn()), 8) end,
        'store', ${storeId}::int
      )), 12) as life
    from pg_control_system()`
  if (!stand) throw new Error('the server did not say where it stands')
  return stand
}

type Context = Stand & { storeId: number; seenSince: Instant; limit: number; now: Instant }

/** Of `c`, a customer, and `seen`, when the store saw them last. Who is gone has neither a name nor points. */
function changedColumns(sql: Sql, { seenSince, now }: Context) {
  const isGone = sql`(c.status = 'erased' or seen.last_seen_at < ${toIso(seenSince)})`
  return sql`
    c.id, c.card,
    case when ${isGone} then null else c.first_name end as "firstName",
    case when ${isGone} then 'erased' else c.status end as status,
    case when ${isGone} then 0 else ${availableOfCustomer(sql, now)} end as available`
}

async function walk(sql: Sql, from: { lastId: number; began: number }, context: Context): Promise<Page> {
  const { life, storeId, seenSince, limit } = context
  const rows = await sql<(ChangedCustomer & { id: number })[]>`
    select ${changedColumns(sql, context)}
    from store_customers seen join customers c on c.id = seen.customer_id
    where seen.store_id = ${storeId} and seen.customer_id > ${from.lastId}
      and seen.last_seen_at >= ${toIso(seenSince)}
    order by seen.customer_id
    limit ${limit}`
  const last = rows.at(-1)
  const more = rows.length === limit
  const cursor: Cursor =
    more && last
      ? { walk: { lastId: last.id, began: from.began } }
      : { follow: { tx: from.began, lastId: 0 } }
  return { ...page(rows, { cursor, life, more }), ...(from.lastId === 0 && { begins: true }) }
}

/** Who was gone before is told of no more, whatever they do elsewhere; that they went, or were erased, is told. */
async function follow(sql: Sql, from: { tx: number; lastId: number }, context: Context): Promise<Page> {
  const { horizon, life, storeId, seenSince, limit } = context
  const isNew = (tx: Fragment) => sql`${tx} >= ${String(from.tx)}::xid8 and ${tx} < ${String(horizon)}::xid8`
  const rows = await sql<(ChangedCustomer & { id: number; tx: number })[]>`
    with changed as (
      select customer_id, max(tx) as tx
      from (
        select customer_id, tx from operations where ${isNew(sql`tx`)} and status = 'accepted'
        union all
        select id, profile_tx from customers where ${isNew(sql`profile_tx`)}
        union all
        select customer_id, changed_tx from store_customers
        where store_id = ${storeId} and ${isNew(sql`changed_tx`)}) all_changes
      group by customer_id)
    select ${changedColumns(sql, context)}, changed.tx::text::bigint as tx
    from changed
    join store_customers seen on seen.store_id = ${storeId} and seen.customer_id = changed.customer_id
    join customers c on c.id = changed.customer_id
    where (changed.tx, c.id) > (${String(from.tx)}::xid8, ${from.lastId})
      and (seen.last_seen_at >= ${toIso(seenSince)} or ${isNew(sql`seen.changed_tx`)} or ${isNew(sql`c.profile_tx`)})
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
