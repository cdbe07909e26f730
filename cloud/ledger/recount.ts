import type { Tx } from '../database/connect.ts'

// What is counted of a customer, anew from the operations: for those between whom operations have moved. They are locked.
// The audit counts in the same way.

/** Purchases that stand. */
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

/** Uses of rules, of which something is left. */
export async function countUses(sql: Tx, customerIds: number[]): Promise<void> {
  await sql`delete from rule_uses where customer_id = any(${customerIds}::bigint[])`
  await sql`
    with drawn as (
      select o.customer_id, award, (o.quote ->> 'paidKopecks')::numeric as paid,
        (o.quote ->> 'paidKopecks')::numeric - coalesce((
          select sum(refund_kopecks) from operations r
          where r.customer_id = o.customer_id and r.reference_id = o.id and r.kind = 'refund'
            and r.status = 'accepted' and r.reference_id is not null), 0) as kept
      from operations o
      left join holds h on h.customer_id = o.customer_id and h.id = o.id
      cross join json_array_elements(o.quote -> 'awards') award
      where o.customer_id = any(${customerIds}::bigint[]) and o.kind in ('earn', 'redeem') and o.status = 'accepted'
        and (h.id is null or h.state not in ('released', 'expired')) and award -> 'countedIn' is not null
    )
    insert into rule_uses (customer_id, period, rule_id, uses)
    select customer_id, period, award ->> 'ruleId', count(*)
    from drawn cross join json_array_elements_text(award -> 'countedIn') period
    where kept > 0 and case
      when award ->> 'basisPoints' is null then kept >= (award ->> 'minPaidKopecks')::bigint
      else floor(
        (case when award -> 'ofKopecks' is null then kept else floor((award ->> 'ofKopecks')::numeric * kept / paid) end
          * (award ->> 'basisPoints')::int * coalesce((award ->> 'timesBasisPoints')::int, 10000) + 5000000000) / 10000000000) > 0
      end
    group by 1, 2, 3`
}
