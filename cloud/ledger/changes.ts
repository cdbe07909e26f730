import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import {
  afterFollowed,
  afterWalked,
  type Cursor,
  formatCursor,
  goOnFrom,
  type Place,
  readStand,
  type Stand,
  type Walk,
} from '../feed/cursor.ts'

interface ChangedCustomer {
  card: string
  firstName: string | null
  available: number
  status: 'active' | 'frozen' | 'erased'
}

interface Page {
  customers: ChangedCustomer[]
  cursor: string
  more: boolean
}

export async function readChanges(
  sql: Sql,
  { since, limit, now }: { since: string | undefined; limit: number; now: Instant },
): Promise<Page> {
  const stand = await readStand(sql)
  const cursor = goOnFrom(since, stand)
  const context = { ...stand, limit, now }
  return 'walk' in cursor ? await walk(sql, cursor.walk, context) : await follow(sql, cursor.follow, context)
}

type Context = Stand & { limit: number; now: Instant }

const changedColumns = (sql: Sql, now: Instant) => sql`
  c.id, c.card, c.first_name as "firstName", c.status,
  coalesce((select sum(remaining) from lots
    where customer_id = c.id and remaining > 0 and expires_at > ${toIso(now)} and active_from <= ${toIso(now)}), 0
  )::bigint as available`

async function walk(sql: Sql, from: Walk, context: Context): Promise<Page> {
  const { limit, now } = context
  const rows = await sql<(ChangedCustomer & { id: number })[]>`
    select ${changedColumns(sql, now)} from customers c where c.id > ${from.lastId} order by c.id limit ${limit}`
  const last = rows.length === limit ? rows.at(-1) : undefined
  return page(rows, afterWalked(from, last?.id ?? null), { stand: context, more: last !== undefined })
}

async function follow(sql: Sql, from: Place, context: Context): Promise<Page> {
  const { horizon, limit, now } = context
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
  const last = rows.length === limit ? rows.at(-1) : undefined
  const next = afterFollowed(context, last ? { tx: last.tx, lastId: last.id } : null)
  return page(rows, next, { stand: context, more: last !== undefined })
}

function page(
  rows: ChangedCustomer[],
  cursor: Cursor,
  { stand, more }: { stand: Stand; more: boolean },
): Page {
  const customers = rows.map(({ card, firstName, available, status }) => ({
    card,
    firstName,
    available,
    status,
  }))
  return { customers, cursor: formatCursor(cursor, stand), more }
}
