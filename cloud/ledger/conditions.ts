import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

// The conditions of account.ts (`isOpen`, `canBeSpent`) in SQL, for what is not loaded. A test compares both.

/** A hold in one of `openStates`. Its indexes are made for these very words. */
export function isOpenHold(sql: Sql | Tx, holds = 'holds') {
  return sql`${sql(`${holds}.state`)} in ('pending', 'processing', 'in_doubt')`
}

/** A lot with points that have not died, though some cannot be spent yet. */
export function isLiveLot(sql: Sql | Tx, now: Instant) {
  return sql`lots.filled and lots.expires_at > ${toIso(now)}`
}

/** A lot of which points can be spent now. */
export function isSpendableLot(sql: Sql | Tx, now: Instant) {
  return sql`${isLiveLot(sql, now)} and lots.active_from <= ${toIso(now)}`
}

/** The points that the customer `c` of the query can spend now, without dead points and those that wait. */
export function availableOfCustomer(sql: Sql | Tx, now: Instant) {
  return sql`
    coalesce((select sum(remaining) from lots where customer_id = c.id and ${isSpendableLot(sql, now)}), 0)::bigint`
}
