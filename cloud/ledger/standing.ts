import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

// What SQL must say just as account.ts says it of what is loaded: `isOpen`, `availablePoints`.

/** A hold whose points are out and may still come back, or be spent. Its indexes are made for these very words. */
export function isOpenHold(sql: Sql | Tx, holds = 'holds') {
  return sql`${sql(`${holds}.state`)} in ('pending', 'processing', 'in_doubt')`
}

/** A lot of which points can be spent now. */
export function isSpendableLot(sql: Sql | Tx, now: Instant, lots = 'lots') {
  const at = toIso(now)
  return sql`
    ${sql(`${lots}.remaining`)} > 0 and ${sql(`${lots}.expires_at`)} > ${at} and ${sql(`${lots}.active_from`)} <= ${at}`
}

/** What the customer `c` of the query can spend now; dead points and those that wait are not in it. */
export function availableOfCustomer(sql: Sql | Tx, now: Instant) {
  return sql`
    coalesce((select sum(remaining) from lots where customer_id = c.id and ${isSpendableLot(sql, now)}), 0)::bigint`
}
