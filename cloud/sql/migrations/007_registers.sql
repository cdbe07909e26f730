-- What the key of one register may know and do, and what IT is told of it.

-- Who was seen in which store, so that a register knows its own store's customers and nobody else's. It is written with
-- the operation, and a row of a customer who comes often only once a day. Not of the ledger, and so no foreign key to
-- stores: operations have none either.
create table store_customers (
  store_id int not null,
  customer_id bigint not null references customers,
  last_seen_at timestamptz not null,
  -- Not seen for so long that registers were told to forget them.
  is_gone bool not null default false,
  -- Since when there is that to tell: that they came, were gone, or are known again.
  changed_tx xid8 not null default pg_current_xact_id(),
  primary key (store_id, customer_id)
) with (fillfactor = 90);
create index store_customers_by_tx on store_customers (store_id, changed_tx, customer_id);
-- Every register begins its list anew after this, so of those who are gone there is nothing to tell.
insert into store_customers (store_id, customer_id, last_seen_at, is_gone)
select store_id, customer_id, max(recorded_at), max(recorded_at) < now() - interval '180 days' from operations
where status = 'accepted' and store_id is not null
group by store_id, customer_id;

-- Keys that opened something once: whoever has one is told that it is over, and forgets what it knew.
create table ended_keys (
  key_hash bytea primary key,
  register_id int not null references registers,
  ended_at timestamptz not null
);

-- How many different cards a register looked up, and how many of them nobody has, in ten minutes. Each process
-- adds what it has counted.
create table lookup_counts (
  register_id int not null references registers,
  slot timestamptz not null,
  cards int not null check (cards >= 0),
  missed int not null check (missed >= 0),
  primary key (register_id, slot)
);

-- How many a register has handed over today.
create index discrepancies_parked on discrepancies ((details->>'registerId'), filed_at) where kind = 'parked';

alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check check (kind in (
  'silent', 'queue', 'exchange', 'discrepancy', 'job', 'audit',
  'holds', 'lookups', 'purchases', 'points'));
