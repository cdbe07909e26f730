-- A batch of vouchers: what its codes give and when, in one document. Codes follow from its salt and a key that is not in the
-- database, so that whoever has the database alone knows none.
create table voucher_batches (
  id int generated always as identity primary key,
  programme_id int not null references programmes,
  terms json not null,
  audience json not null,
  salt bytea not null,
  created_at timestamptz not null,
  created_by text not null,
  exported_at timestamptz,
  exported_by text,
  voided_at timestamptz,
  voided_by text,
  void_reason text,
  check (num_nulls(exported_at, exported_by) in (0, 2)),
  check (num_nulls(voided_at, voided_by, void_reason) in (0, 3))
);

-- A code, by its keyed hash. Held are the redemptions that are open, used those that were applied and have not given it back.
create table vouchers (
  id bigint generated always as identity primary key,
  batch_id int not null references voucher_batches,
  serial int not null,
  hash bytea not null unique,
  -- Who alone may use it.
  customer_id bigint references customers,
  held int not null default 0 check (held >= 0),
  used int not null default 0 check (used >= 0),
  voided_at timestamptz,
  unique (batch_id, serial)
) with (fillfactor = 80);
create index vouchers_of_customer on vouchers (customer_id) where customer_id is not null;

-- Which key the codes are kept by: another one knows none of them.
create table voucher_key (
  is_only boolean primary key default true check (is_only),
  fingerprint bytea not null
);

-- A redemption may hold a voucher, and then no points at all.
alter table holds add column voucher_id bigint;
alter table holds add column voucher_returned_by uuid;
alter table holds drop constraint holds_points_check;
alter table holds add constraint holds_points_check check (points > 0 or (points = 0 and voucher_id is not null));
alter table holds add constraint holds_voucher_check check (
  voucher_id is not null or (voucher_kopecks = 0 and voucher_returned_by is null));
create index holds_with_voucher on holds (customer_id, voucher_id) where voucher_id is not null;
-- Where a code was used.
create index holds_of_voucher on holds (voucher_id) where voucher_id is not null;
