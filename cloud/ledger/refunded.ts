import type { Sql, Tx } from '../database/connect.ts'

/**
 * Joins to each operation `o` of a query the sum of its refunds, as `refunded`. The order and the fence (offset) keep it
 * a look-up by key, also by a plan of a young database.
 */
export const joinRefunded = (sql: Sql | Tx) => sql`
  cross join lateral (
    select count(*)::int as refunds, coalesce(sum(refund_kopecks), 0)::bigint as kopecks from (
      select refund_kopecks from operations r
      where r.customer_id = o.customer_id and r.reference_id = o.id and r.kind = 'refund' and r.status = 'accepted'
        and r.reference_id is not null
      order by customer_id, reference_id offset 0) r) refunded`
