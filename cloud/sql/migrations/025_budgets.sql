-- Budgets and limits: what rules may give in all, and what a customer may have in a day.

-- What was given of a budget in one period, less what came back; by all stores together, or by each one.
create table budget_spending (
  programme_id int not null references programmes,
  budget_id text not null,
  period text not null check (period ~ '^(total|\d{4}-\d\d|\d{4}-W\d\d|\d{4}-\d\d-\d\d)$'),
  store_id int,
  spent bigint not null check (spent >= 0),
  -- When a person was first to hear that it is nearly spent, and that not everything fits any more.
  soft_at timestamptz,
  hard_at timestamptz,
  unique nulls not distinct (programme_id, budget_id, period, store_id),
  foreign key (programme_id, store_id) references stores (programme_id, id)
) with (fillfactor = 50);

-- What purchases of one local day have earned, and how many there were; only where the rule book limits days.
create table customer_days (
  customer_id bigint not null references customers,
  day text not null check (day ~ '^\d{4}-\d\d-\d\d$'),
  -- Written as sums, as uses of rules are.
  points bigint not null,
  purchases int not null,
  -- When there were first more purchases than a person is not told of.
  flagged_at timestamptz,
  primary key (customer_id, day)
);
create index customer_days_flagged on customer_days (flagged_at) where flagged_at is not null;

alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check check (kind in (
  'silent', 'queue', 'exchange', 'discrepancy', 'job', 'audit', 'holds', 'lookups', 'purchases', 'points', 'break_glass',
  'budget', 'limit'));

-- What the money that was kept of a purchase deserves of an award; the audit counts by it what the ledger has counted.
create function award_deserved(award json, paid numeric, kept numeric) returns numeric immutable language sql as $$
  select case
    when kept <= 0 then 0
    when award ->> 'basisPoints' is null then
      case when kept >= (award ->> 'minPaidKopecks')::bigint then (award ->> 'points')::bigint else 0 end
    else least((award ->> 'capPoints')::bigint, floor(
      (case when award -> 'ofKopecks' is null then kept else floor((award ->> 'ofKopecks')::numeric * kept / paid) end
        * (award ->> 'basisPoints')::int * coalesce((award ->> 'timesBasisPoints')::int, 10000) + 5000000000) / 10000000000))
  end
$$;
