import type { Instant } from '../../shared/time.ts'
import { BY_KEY } from '../database/byKey.ts'
import type { Tx } from '../database/connect.ts'
import { type Cursor, goOnFrom, readStand } from './cursor.ts'

/** Transactions that run at the same time are recorded in another order than they are numbered. */
const OPERATIONS_THAT_MAY_OVERTAKE = 1000

/**
 * The moment up to which a reader has read everything; null while it walks through all customers for the first time. The time
 * since then is how far it is behind, and is cheap to ask for.
 */
export async function readAsOf(sql: Tx, name: string, now: Instant): Promise<Instant | null> {
  await sql.unsafe(BY_KEY)
  const cursor = await readCursor(sql, name)
  if ('walk' in cursor) return null
  const [oldest] = await sql<{ recordedAt: Instant | null }[]>`
    select min(recorded_at) as "recordedAt"
    from (
      select recorded_at from operations
      where ${isBehind(sql, cursor)} and status = 'accepted'
      order by tx, customer_id
      limit ${OPERATIONS_THAT_MAY_OVERTAKE}) unread`
  return oldest?.recordedAt ?? now
}

/** Whether a reader has walked through all customers on this basis. */
export async function isThroughAll(
  sql: Tx,
  { name, basis }: { name: string; basis: string },
): Promise<boolean> {
  const [saved] = await sql<{ cursor: string; basis: string }[]>`
    select cursor, basis from feed_readers where name = ${name}`
  return saved?.basis === basis && 'follow' in goOnFrom(saved.cursor, await readStand(sql))
}

/** The customers among these with operations that the reader has not read yet. */
export async function unreadAmong(sql: Tx, name: string, customerIds: number[]): Promise<Set<number>> {
  const cursor = await readCursor(sql, name)
  const rows = await sql<{ id: number }[]>`
    select distinct customer_id as id from operations
    where customer_id = any(${customerIds}::bigint[]) and ${isBehind(sql, cursor)} and status = 'accepted'`
  const unseen = 'walk' in cursor ? customerIds.filter((id) => id > cursor.walk.lastId) : []
  return new Set([...rows.map(({ id }) => id), ...unseen])
}

async function readCursor(sql: Tx, name: string): Promise<Cursor> {
  const [row] = await sql<{ cursor: string }[]>`select cursor from feed_readers where name = ${name}`
  return goOnFrom(row?.cursor, await readStand(sql))
}

function isBehind(sql: Tx, cursor: Cursor) {
  const { tx, lastId } = 'walk' in cursor ? { tx: cursor.walk.began, lastId: 0 } : cursor.follow
  return sql`(tx, customer_id) > (${String(tx)}::xid8, ${lastId}::bigint)`
}
