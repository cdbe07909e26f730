import type { OperationKind } from '../../shared/operation.ts'
import type { Tx } from '../database/connect.ts'
import { afterFollowed, type Cursor, type Place, type Stand } from './cursor.ts'

/** An accepted operation as the feed has it: a reader that needs more looks it up. */
export interface FeedOperation {
  /** The transaction that wrote it. */
  tx: number
  customerId: number
  id: string
  kind: OperationKind
}

interface Page {
  operations: FeedOperation[]
  cursor: Cursor
  more: boolean
}

/**
 * The operations that were accepted after this place, in the order of their transactions, each once. The operations of one
 * transaction and customer come on one page, however long it gets, in the order of their ids.
 */
export async function readOperations(
  sql: Tx,
  from: Place,
  { stand, limit }: { stand: Stand; limit: number },
): Promise<Page> {
  const operations = await sql<FeedOperation[]>`
    select tx::text::bigint as tx, customer_id as "customerId", id, kind
    from (
      select tx, customer_id, id, kind from operations
      where (tx, customer_id) > (${String(from.tx)}::xid8, ${from.lastId}::bigint)
        and tx < ${String(stand.horizon)}::xid8 and status = 'accepted'
      order by tx, customer_id
      fetch first ${limit} rows with ties) page
    order by page.tx, page.customer_id, page.id`
  const last = operations.length >= limit ? operations.at(-1) : undefined
  const cursor = afterFollowed(stand, last ? { tx: last.tx, lastId: last.customerId } : null)
  return { operations, cursor, more: last !== undefined }
}

/** The customers whom operations are about; a merge or its undoing is about both of the two. */
export async function customersOf(sql: Tx, operations: FeedOperation[]): Promise<number[]> {
  const ids = new Set(operations.map(({ customerId }) => customerId))
  const merging = operations.filter(({ kind }) => kind === 'merge' || kind === 'unmerge').map(({ id }) => id)
  if (merging.length === 0) return [...ids]
  const others = await sql<{ id: number }[]>`
    select customers.id
    from merges
    join customers on customers.id in (kept_id, given_id, undone_from)
    where operation_id = any(${merging}::uuid[]) or undone_by = any(${merging}::uuid[])`
  return [...new Set([...ids, ...others.map(({ id }) => id)])]
}
