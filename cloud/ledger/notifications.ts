import type { Tx } from '../database/connect.ts'
import type { Executed } from './account.ts'

/** Whether the customer is told of an operation: points of a purchase moved for good. */
export function isTold({ kind, outcome, earned, spent }: Executed): boolean {
  const isOfPurchase = kind === 'earn' || kind === 'apply' || kind === 'refund'
  return isOfPurchase && outcome.status === 'accepted' && (earned !== 0 || spent !== 0)
}

/** What `tellPeople` needs of the rows that are just being written: nothing travels to Postgres twice. */
export function returningTold(sql: Tx) {
  return sql`
    returning customer_id, id, kind, status, store_id, at, recorded_at, purchase_kopecks, refund_kopecks, earned,
      spent, outcome`
}

/**
 * Writes the messages about a batch in the statement that moves its points; null where there is nothing
 * to tell. The fence (limit) keeps it one look-up a customer, whatever plan was made while few were in Telegram.
 */
export function tellPeople(sql: Tx, executed: Executed[]) {
  if (!executed.some(isTold)) return null
  return sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
    select executed.customer_id,
      case executed.kind when 'earn' then 'earned' when 'apply' then 'spent' else 'refunded' end,
      executed.id::text,
      jsonb_build_object(
        'at', (extract(epoch from executed.at) * 1000)::bigint,
        'storeId', executed.store_id,
        'purchaseKopecks', executed.purchase_kopecks,
        'refundKopecks', executed.refund_kopecks,
        'earned', executed.earned,
        'spent', executed.spent,
        'available', executed.outcome -> 'customer' -> 'available',
        'debt', executed.outcome -> 'customer' -> 'debt'),
      executed.recorded_at, executed.recorded_at
    from executed
    cross join lateral (
      select from people
      where people.customer_id = executed.customer_id and notify_purchases and unreachable_since is null
      limit 1) person
    where executed.status = 'accepted' and executed.kind in ('earn', 'apply', 'refund')
      and (executed.earned <> 0 or executed.spent <> 0)
    on conflict do nothing`
}
