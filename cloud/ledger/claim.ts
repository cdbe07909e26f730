import { type Instant, SECOND, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

export interface ClaimedHold {
  id: string
  points: number
  voucherKopecks: number
  createdAt: Instant
  until: Instant
}

/**
 * Hands the store's pending holds to the agent that asks first: each goes from `pending` to `processing` once,
 * and is never handed out again. No points move. A hold that the ledger is working on is left for the
 * next call.
 */
export async function claimPendingHolds(
  sql: Sql | Tx,
  storeId: number,
  { now, holdSeconds }: { now: Instant; holdSeconds: number },
): Promise<ClaimedHold[]> {
  return await sql<ClaimedHold[]>`
    with claimed as (
      select customer_id, id from holds
      where store_id = ${storeId} and state = 'pending' and until > ${toIso(now)}
      order by customer_id, id
      for update skip locked)
    update holds set state = 'processing', until = ${toIso(now + holdSeconds * SECOND)}
    from claimed join operations on operations.customer_id = claimed.customer_id and operations.id = claimed.id
    where holds.customer_id = claimed.customer_id and holds.id = claimed.id
    returning holds.id, holds.points, holds.voucher_kopecks as "voucherKopecks", operations.recorded_at as "createdAt", holds.until`
}
