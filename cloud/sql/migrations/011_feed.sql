-- Who reads the feed of operations, and how far: moved on in the transaction of the work on what was read.
create table feed_readers (
  name text primary key,
  cursor text not null,
  -- What its work depends on, such as a time zone: with another one it begins anew.
  basis text not null
);

-- What the operations of a customer add up to. Whoever has none has no row.
create table customer_facts (
  customer_id bigint primary key references customers,
  purchases int not null check (purchases >= 0),
  net_kopecks bigint not null check (net_kopecks >= 0),
  first_purchase_at timestamptz,
  last_purchase_at timestamptz,
  home_store_id int,
  points_earned bigint not null,
  points_spent bigint not null,
  points_expired bigint not null,
  as_of timestamptz not null,
  check ((purchases = 0) = (first_purchase_at is null)),
  check ((purchases = 0) = (last_purchase_at is null))
);

-- The same purchases by the month they were made in, in the time zone of the shops.
create table customer_months (
  customer_id bigint not null references customers,
  month date not null check (month = date_trunc('month', month::timestamp)),
  purchases int not null check (purchases > 0),
  net_kopecks bigint not null check (net_kopecks >= 0),
  primary key (customer_id, month)
);
