import { IN_ALL } from '../../shared/rules/facts.ts'
import type { Tx } from '../database/connect.ts'

// Counts customers anew from their operations, after a merge or its undoing has moved some of these. The customers are locked.
// The audit counts by the same function of the database, and neither counts days that are not kept any longer.

/** Purchases that were neither given up nor wholly returned. */
export async function countPurchases(sql: Tx, customerIds: number[]): Promise<void> {
  await sql`
    update customers set purchases = (
      select count(*) from operations o
      left join holds h on h.customer_id = o.customer_id and h.id = o.id
      where o.customer_id = customers.id and o.kind in ('earn', 'redeem') and o.status = 'accepted'
        and (h.id is null or h.state not in ('released', 'expired'))
        and o.purchase_kopecks - coalesce(100 * h.points + h.voucher_kopecks, 0) is distinct from (
          select sum(refund_kopecks) from operations r
          where r.customer_id = o.customer_id and r.reference_id = o.id and r.kind = 'refund'
            and r.status = 'accepted' and r.reference_id is not null))
    where id = any(${customerIds}::bigint[])`
}

/** Uses of rules whose award is not wholly taken back. */
export async function countUses(sql: Tx, customerIds: number[]): Promise<void> {
  await sql`delete from rule_uses where customer_id = any(${customerIds}::bigint[])`
  await sql`
    insert into rule_uses (customer_id, period, rule_id, uses)
    select customer_id, period, award ->> 'ruleId', count(*)
    from standing_purchases(${customerIds}::bigint[])
    join programmes on programmes.id = programme_id
    cross join json_array_elements(quote -> 'awards') award
    cross join json_array_elements_text(award -> 'countedIn') period
    where award_deserved(award, paid, kept) > 0 and (period = ${IN_ALL} or period >= coalesce(counts_kept_from, ''))
    group by 1, 2, 3`
}

/** The points and purchases of each local day. Their flags are not set: no person is told of an old day again. */
export async function countDays(sql: Tx, customerIds: number[]): Promise<void> {
  await sql`delete from customer_days where customer_id = any(${customerIds}::bigint[])`
  await sql`
    insert into customer_days (customer_id, day, points, purchases)
    select customer_id, quote -> 'counted' ->> 'day',
      sum((select coalesce(sum(award_deserved(award, paid, kept)), 0) from json_array_elements(quote -> 'awards') award)),
      count(*) filter (where not is_returned)
    from standing_purchases(${customerIds}::bigint[])
    join programmes on programmes.id = programme_id
    where quote -> 'counted' ->> 'day' >= coalesce(counts_kept_from, '')
    group by 1, 2`
}
