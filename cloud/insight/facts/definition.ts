import type { Sql, Tx } from '../../database/connect.ts'

export interface Whose {
  customerIds: number[]
  /** Of shops whose programme has none: a purchase shortly before midnight is of the month that was there. */
  timeZone: string
}

/**
 * The only definition of the facts about customers: as common table expressions, `made` and `made_months`, for writing them
 * and for comparing. The fence (offset) keeps it one look-up a customer,
 * and parts that are added up need no joins, which Postgres would make one row by one: it does not know how many there are.
 *
 * A purchase is an earning, or a redemption that was applied, at the moment and in the store of the sale. What refunds
 * returned of it leaves its month; one that was returned as a whole is none. Points earned are those of purchases, gifts
 * and adjustments less what refunds took back; what came back is not spent; what expired is what the lots say of it,
 * because entries are folded one day.
 */
export function factsInLedger(sql: Sql | Tx, { customerIds, timeZone }: Whose) {
  return sql`
    operation as materialized (
      select programme_id, customer_id, id, kind, reference_id, store_id, at, refund_kopecks, earned, spent,
        case kind when 'earn' then purchase_kopecks when 'apply' then (quote ->> 'paidKopecks')::bigint end as paid_kopecks
      from unnest(${customerIds}::bigint[]) as whose
      cross join lateral (
        select * from operations
        where customer_id = whose and status = 'accepted'
        order by customer_id, at desc, id desc
        offset 0) operations),
    purchase as materialized (
      select programme_id, customer_id, at, store_id, paid_kopecks - coalesce(refunded_kopecks, 0) as kopecks
      from (
        select programme_id, customer_id,
          min(at) filter (where kind in ('earn', 'redeem')) as at,
          min(store_id) filter (where kind in ('earn', 'redeem')) as store_id,
          sum(paid_kopecks)::bigint as paid_kopecks,
          sum(refund_kopecks) filter (where kind = 'refund')::bigint as refunded_kopecks
        from operation
        where kind in ('earn', 'redeem', 'apply', 'refund')
        group by programme_id, customer_id, case when kind in ('apply', 'refund') then reference_id else id end) sale
      where paid_kopecks is not null and paid_kopecks is distinct from refunded_kopecks),
    made_months as materialized (
      select customer_id, date_trunc('month', at at time zone coalesce(time_zone, ${timeZone}))::date as month,
        count(*)::int as purchases, sum(kopecks)::bigint as net_kopecks
      from purchase join programmes on programmes.id = programme_id group by 1, 2),
    visited as (
      select customer_id, store_id, count(*) as purchases, sum(kopecks) as kopecks, min(at) as first_at,
        max(at) as last_at
      from purchase group by 1, 2),
    part as (
      select customer_id, earned, spent, null::bigint as expired, null::bigint as purchases, null::bigint as kopecks,
        null::timestamptz as first_at, null::timestamptz as last_at, null::int as home_store_id
      from operation
      union all
      select customer_id, null, null, null, sum(purchases)::bigint, sum(kopecks)::bigint, min(first_at), max(last_at),
        (array_agg(store_id order by purchases desc, last_at desc, store_id) filter (where store_id is not null))[1]
      from visited group by 1
      union all
      select customer_id, null, null, expired, null, null, null, null, null
      from lots where customer_id = any(${customerIds}::bigint[])),
    made as materialized (
      select customer_id, coalesce(sum(purchases), 0)::int as purchases, coalesce(sum(kopecks), 0)::bigint as net_kopecks,
        min(first_at) as first_purchase_at, max(last_at) as last_purchase_at, max(home_store_id) as home_store_id,
        sum(earned)::bigint as points_earned, sum(spent)::bigint as points_spent,
        coalesce(sum(expired), 0)::bigint as points_expired
      from part group by 1
      having count(earned) > 0)`
}

/**
 * Makes the facts about these customers anew; customers who were merged into them have none any more. The caller keeps other
 * writers of facts away meanwhile.
 */
export async function makeFacts(sql: Tx, whose: Whose): Promise<void> {
  const merged = sql`(select id from customers where merged_into = any(${whose.customerIds}::bigint[]))`
  await sql`delete from customer_months where customer_id in ${merged}`
  await sql`delete from customer_facts where customer_id in ${merged}`
  await sql`
    with ${factsInLedger(sql, whose)},
    facts as (
      insert into customer_facts (
        customer_id, purchases, net_kopecks, first_purchase_at, last_purchase_at, home_store_id, points_earned,
        points_spent, points_expired, as_of)
      select customer_id, purchases, net_kopecks, first_purchase_at, last_purchase_at, home_store_id, points_earned,
        points_spent, points_expired, now()
      from made order by customer_id
      on conflict (customer_id) do update set
        purchases = excluded.purchases, net_kopecks = excluded.net_kopecks,
        first_purchase_at = excluded.first_purchase_at, last_purchase_at = excluded.last_purchase_at,
        home_store_id = excluded.home_store_id, points_earned = excluded.points_earned,
        points_spent = excluded.points_spent, points_expired = excluded.points_expired, as_of = excluded.as_of,
        tx = excluded.tx),
    emptied as (
      delete from customer_months
      where customer_id = any(${whose.customerIds}::bigint[])
        and not exists (
          select from made_months
          where made_months.customer_id = customer_months.customer_id and made_months.month = customer_months.month))
    insert into customer_months (customer_id, month, purchases, net_kopecks)
    select customer_id, month, purchases, net_kopecks from made_months order by customer_id, month
    on conflict (customer_id, month) do update set
      purchases = excluded.purchases, net_kopecks = excluded.net_kopecks
    where (customer_months.purchases, customer_months.net_kopecks)
      is distinct from (excluded.purchases, excluded.net_kopecks)`
}
