import { type Instant, toIso } from '../../shared/time.ts'
import { documents, ids, ints, moments, tableOf } from '../database/columns.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Posting } from './account.ts'

const FORGOTTEN_AT_ONCE = 5_000

/** The goods are kept beside the operation: a dry run asks for them, and they are dropped long before the operation is. */
export function keepItems(sql: Tx, postings: Posting[]) {
  const rows = postings.flatMap(({ operation, items }) => (items ? [{ ...operation, items }] : []))
  if (rows.length === 0) return null
  const table = tableOf(sql, rows, [
    ids(({ id }) => id),
    ints(({ programmeId }) => programmeId),
    moments(({ recordedAt }) => recordedAt),
    documents(({ items }) => items),
  ])
  return sql`
    insert into operation_items (operation_id, programme_id, kept_at, items)
    select * from ${table}`
}

/** Drops the goods that a programme keeps no longer, so many rows at a time. */
export async function forgetItems(
  sql: Sql,
  { programmeId, before, signal }: { programmeId: number; before: Instant; signal?: AbortSignal | undefined },
): Promise<number> {
  let total = 0
  while (!signal?.aborted) {
    const { count } = await sql`
      delete from operation_items where operation_id in (
        select operation_id from operation_items
        where programme_id = ${programmeId} and kept_at < ${toIso(before)}
        order by kept_at limit ${FORGOTTEN_AT_ONCE})`
    total += count
    if (count < FORGOTTEN_AT_ONCE) break
  }
  return total
}
