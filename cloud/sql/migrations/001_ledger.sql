-- Who takes part: stores, their registers, customers.

create table stores (
  id int generated always as identity primary key,
  name text not null unique check (name <> ''),
  created_at timestamptz not null default now()
);

create table registers (
  id int generated always as identity primary key,
  store_id int not null references stores,
  name text not null check (name <> ''),
  key_hash bytea not null unique,
  channel text not null default 'stable' check (channel in ('stable', 'beta')),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  last_seen_at timestamptz,
  version text,
  heartbeat jsonb,
  unique (store_id, name)
);

create table pairing_codes (
  code_hash bytea primary key,
  store_id int not null references stores,
  expires_at timestamptz not null,
  used_at timestamptz,
  register_id int references registers
);

create table customers (
  id bigint generated always as identity primary key,
  card text not null unique check (card ~ '^(\d{6,7}|(?!99)\d{9,12})$'),
  first_name text,
  status text not null default 'active' check (status in ('active', 'frozen', 'erased')),
  balance int not null default 0 check (balance >= 0),
  debt int not null default 0 check (debt >= 0),
  last_entry int not null default 0 check (last_entry >= 0),
  created_at timestamptz not null default now(),
  -- The transaction that last changed the person (not the points): the change feed reads by it.
  profile_tx xid8 not null default pg_current_xact_id()
);
-- Updated with every operation: room on the page keeps those updates off the indexes.
alter table customers set (fillfactor = 75);
create index customers_by_profile_tx on customers (profile_tx, id);

-- The ledger. Every key begins with the customer, so that the ledger can be sharded by customer.

-- Everything that was executed, refusals included: an id answers the same for ever.
create table operations (
  customer_id bigint not null references customers,
  id uuid not null,
  kind text not null
    check (kind in ('earn', 'redeem', 'apply', 'release', 'refund', 'adjust', 'bonus', 'expire')),
  status text not null check (status in ('accepted', 'refused')),
  store_id int,
  register_id int,
  author text not null,
  at timestamptz not null,
  recorded_at timestamptz not null,
  tx xid8 not null default pg_current_xact_id(),
  purchase_kopecks int,
  points int,
  reference_id uuid,
  refund_kopecks int,
  receipt text,
  reason text,
  content bytea not null,
  cashback_basis_points int,
  earned int not null default 0,
  spent int not null default 0,
  outcome json not null,
  primary key (customer_id, id),
  check ((store_id is null) = (register_id is null))
);
-- The one look-up that does not know the customer: which account has this id? In a sharded ledger this
-- index is the directory.
create unique index operations_directory on operations (id);
create index operations_of_store on operations (store_id, recorded_at desc, id);
create index operations_by_tx on operations (tx, customer_id);
create index operations_equal_purchases on operations (customer_id, purchase_kopecks, at)
  where status = 'accepted' and kind in ('earn', 'redeem');
create index operations_settling on operations (customer_id, reference_id)
  where status = 'accepted' and reference_id is not null;

-- Points earned by one operation, with one expiry; the lot has the id of that operation.
create table lots (
  customer_id bigint not null,
  id uuid not null,
  earned_at timestamptz not null,
  expires_at timestamptz not null,
  points int not null check (points > 0),
  remaining int not null check (remaining >= 0),
  expired int not null default 0 check (expired >= 0),
  primary key (customer_id, id),
  foreign key (customer_id, id) references operations (customer_id, id),
  check (remaining + expired <= points)
);
create index lots_to_expire on lots (expires_at, customer_id) where remaining > 0;

-- Points taken for a redemption; the hold has the id of that redemption.
create table holds (
  customer_id bigint not null,
  id uuid not null,
  store_id int not null,
  register_id int not null,
  state text not null
    check (state in ('pending', 'processing', 'applied', 'released', 'expired', 'in_doubt')),
  points int not null check (points > 0),
  purchase_kopecks int not null,
  until timestamptz not null,
  in_doubt_at timestamptz,
  -- The apply or release that holds true. A late apply, which proves a person's release wrong, takes its place.
  resolved_by uuid,
  primary key (customer_id, id),
  foreign key (customer_id, id) references operations (customer_id, id),
  foreign key (customer_id, resolved_by) references operations (customer_id, id),
  check ((state in ('applied', 'released', 'expired')) = (resolved_by is not null))
);
create index holds_open on holds (customer_id) where state in ('pending', 'processing', 'in_doubt');
create index holds_open_of_store on holds (store_id, state, until) where state in ('pending', 'processing', 'in_doubt');

-- One immutable movement on one lot. `debt` moves too when points that are gone must be paid back.
create table entries (
  customer_id bigint not null,
  seq int not null check (seq > 0),
  operation_id uuid,
  kind text not null check (kind in (
    'earn', 'bonus', 'adjust', 'hold', 'return', 'spend', 'clawback', 'giveback',
    'debt_payment', 'expire', 'opening')),
  lot_id uuid,
  hold_id uuid,
  points int not null,
  debt int not null default 0,
  balance_before int not null,
  balance_after int not null check (balance_after >= 0),
  at timestamptz not null,
  primary key (customer_id, seq),
  foreign key (customer_id, operation_id) references operations (customer_id, id),
  foreign key (customer_id, lot_id) references lots (customer_id, id),
  check (balance_after = balance_before + points),
  check (points = 0 or lot_id is not null),
  check (kind = 'opening' or operation_id is not null)
);
create index entries_of_hold on entries (customer_id, hold_id) where hold_id is not null;

-- Entries are never changed. Only retention may fold old ones, and it must take its own role to do so.
do $$
begin
  if not exists (select from pg_roles where rolname = 'kopilka_retention') then
    create role kopilka_retention nologin;
  end if;
exception
  when duplicate_object or unique_violation then null; -- another database of the cluster was faster
  when insufficient_privilege then null; -- told below
end $$;
do $$
begin
  if not pg_has_role(current_user, 'kopilka_retention', 'set') then
    execute format('grant kopilka_retention to %I', current_user);
  end if;
exception when insufficient_privilege or undefined_object then
  raise exception 'let an administrator run: create role kopilka_retention nologin; grant kopilka_retention to %',
    current_user;
end $$;
grant select, insert, delete on entries to kopilka_retention;
grant select on lots to kopilka_retention;
grant select on operations, customers, holds to kopilka_retention;

create function refuse_to_change_entries() returns trigger language plpgsql as $$
begin
  if current_user = 'kopilka_retention' and tg_op = 'DELETE' then
    return old;
  end if;
  raise exception 'entries are append-only: % refused', tg_op using errcode = 'restrict_violation';
end $$;
create trigger entries_append_only before update or delete on entries
  for each row execute function refuse_to_change_entries();
create trigger entries_no_truncate before truncate on entries
  for each statement execute function refuse_to_change_entries();

-- What a person must settle.
create table discrepancies (
  id int generated always as identity primary key,
  kind text not null check (kind in ('hold_in_doubt', 'late_apply', 'audit')),
  reference text not null,
  customer_id bigint references customers,
  details jsonb not null,
  filed_at timestamptz not null,
  settled_at timestamptz,
  settled_by text,
  settlement text,
  check ((settled_at is null) = (settled_by is null))
);
create unique index discrepancies_open on discrepancies (kind, reference) where settled_at is null;

-- The house: settings, the log of what people changed, the runs of jobs.

create table programme (
  only_row bool primary key default true check (only_row),
  settings jsonb not null default '{}',
  version int not null default 1
);
insert into programme default values;

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  who text not null,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb
);

create table job_runs (
  id bigint generated always as identity primary key,
  job text not null,
  run_for timestamptz not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  result jsonb,
  error text
);
create index job_runs_latest on job_runs (job, started_at desc);
