-- When a shop is open, on its own clock: a register that is silent then is worth a word. Text, as IT said it.
alter table stores
  add column opens_at text check (opens_at ~ '^([01]\d|2[0-3]):[0-5]\d$'),
  add column closes_at text check (closes_at ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'),
  add column time_zone text check (time_zone <> ''),
  add check (num_nulls(opens_at, closes_at, time_zone) in (0, 3));

-- IT wants the diagnostics file of this register; it is told with the next heartbeat.
alter table registers add column diagnostics_asked_at timestamptz;

-- As the register sent it. Text, because nobody asks the database what is in it.
create table diagnostics (
  id bigint generated always as identity primary key,
  register_id int not null references registers,
  received_at timestamptz not null,
  content text not null
);
create index diagnostics_of_register on diagnostics (register_id, id);

-- What somebody of IT should know. Begins once and ends once; told_at and end_told_at are of the chat.
create table alerts (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('silent', 'queue', 'exchange', 'discrepancy', 'job', 'audit')),
  reference text not null,
  register_id int references registers,
  details jsonb not null,
  since timestamptz not null,
  ended_at timestamptz,
  told_at timestamptz,
  end_told_at timestamptz
);
create unique index alerts_open on alerts (kind, reference) where ended_at is null;
create index alerts_to_tell on alerts (id) where told_at is null or (ended_at is not null and end_told_at is null);
create index alerts_of_register on alerts (register_id, id);

-- Who of IT may see the fleet.
create table it_accounts (
  name text primary key check (name ~ '^[a-z][a-z0-9._-]{0,31}$'),
  password_hash text not null,
  created_at timestamptz not null
);
create table it_sessions (
  token_hash bytea primary key,
  account text not null references it_accounts on delete cascade,
  created_at timestamptz not null,
  seen_at timestamptz not null
);

-- Wrong passwords by name and by address, as hashes: what strangers type is nobody's to keep.
create table it_attempts (
  subject bytea primary key,
  count int not null check (count > 0),
  last_at timestamptz not null
);

create index audit_log_of_subject on audit_log (subject, id);
