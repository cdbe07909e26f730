-- The purchases that stand, of these customers or of all, with the money that was kept of each: what is counted of
-- customers, days and budgets is counted from them, by the ledger where a merge is undone and by the audit everywhere.
create function standing_purchases(customer_ids bigint[] default null)
returns table (programme_id int, customer_id bigint, quote json, paid numeric, kept numeric, is_returned boolean)
stable language sql as $$
  select o.programme_id, o.customer_id, o.quote, money.paid, money.paid - coalesce(r.kopecks, 0),
    r.kopecks is not null and money.paid <= r.kopecks
  from operations o
  left join holds h on h.customer_id = o.customer_id and h.id = o.id
  left join (
    select operations.customer_id, reference_id, sum(refund_kopecks) as kopecks from operations
    where kind = 'refund' and status = 'accepted' and reference_id is not null
      and (customer_ids is null or operations.customer_id = any(customer_ids))
    group by 1, 2) r on r.customer_id = o.customer_id and r.reference_id = o.id
  cross join lateral (select (o.quote ->> 'paidKopecks')::numeric as paid) money
  where o.kind in ('earn', 'redeem') and o.status = 'accepted' and o.quote is not null
    and (h.id is null or h.state not in ('released', 'expired'))
    and (customer_ids is null or o.customer_id = any(customer_ids))
$$;
