-- What rules ask to be counted of a customer, under the lock of the ledger.

-- Purchases that stand: earned or redeemed, not given up and not wholly returned.
alter table customers add column purchases int not null default 0 check (purchases >= 0);
update customers set purchases = standing.purchases
from (
  select operation.customer_id, count(*) as purchases
  from operations operation
  left join holds hold on hold.customer_id = operation.customer_id and hold.id = operation.id
  left join (
    select customer_id, reference_id, sum(refund_kopecks) as kopecks from operations
    where kind = 'refund' and status = 'accepted' and reference_id is not null
    group by 1, 2) refund on refund.customer_id = operation.customer_id and refund.reference_id = operation.id
  where operation.kind in ('earn', 'redeem') and operation.status = 'accepted'
    and (hold.id is null or hold.state not in ('released', 'expired'))
    and operation.purchase_kopecks - coalesce(100 * hold.points + hold.voucher_kopecks, 0) is distinct from refund.kopecks
  group by 1) standing
where standing.customer_id = customers.id;

-- How often a rule has given a customer something: in all, and on each local day, where the rule counts it.
create table rule_uses (
  customer_id bigint not null references customers,
  period text not null check (period = 'total' or period ~ '^\d{4}-\d\d-\d\d$'),
  rule_id text not null,
  -- Written as sums of what was drawn and given back: the row that is proposed may be below zero, the kept one never is.
  uses int not null,
  primary key (customer_id, period, rule_id)
);
