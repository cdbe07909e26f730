import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { CLOCK_AHEAD_MS } from '../../ledger/refusals.ts'

interface Whose {
  programmeId: number
  /** Null: all of the programme. */
  stores: number[] | null
  /** Nothing that happened before is wanted. What a till told of late is among it. */
  since: Instant
}

/**
 * The operations that these stores have reported since a moment, as a table of a query: each page of operations is read
 * once, whatever stores are mixed in it. The fence (offset) keeps Postgres from bringing in an index by what is asked of
 * the rows beyond.
 */
export const toldBy = (sql: Sql | Tx, { programmeId, stores, since }: Whose) => sql`(
  select * from operations
  where store_id = any(${stores === null ? sql`array(select id from stores where programme_id = ${programmeId})` : sql`${stores}::int[]`})
    and programme_id = ${programmeId} and recorded_at > ${toIso(since - CLOCK_AHEAD_MS)} and status = 'accepted'
  offset 0)`

/**
 * For queries of it: what was told of lately lies together at the end of the operations, which Postgres does not know of an index that begins with
 * the store, and would read all that there ever was. What is added up of it by customer stays in memory.
 */
export async function lookBack<T>(sql: Sql, read: (sql: Tx) => Promise<T>) {
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    await sql`select set_config('enable_seqscan', 'off', true), set_config('work_mem', '32MB', true)`
    return await read(sql)
  })
}
