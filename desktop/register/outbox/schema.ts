/** One statement list a version: `user_version` of the file says how many of them it has seen. */
export const migrations = [
  `
  create table operations (
    -- The order in which the ledger is asked.
    seq integer primary key autoincrement,
    id text not null unique,
    kind text not null check (kind in ('earn', 'redeem', 'apply', 'release', 'refund')),
    -- The operation as it is sent, without its time.
    content text not null,
    -- What the clock of this device said, and the corrected time that is sent: fixed before the first sending.
    device_at integer not null,
    at integer,
    offset_ms integer,
    state text not null default 'queued'
      check (state in ('queued', 'accepted', 'refused', 'parked', 'handed_over', 'superseded')),
    outcome text,
    settled_at integer,
    -- The operation that this one settles or refunds.
    reference text,
    -- Which sale of 1C it was made for, and what the screen showed.
    sale text,
    first_name text,
    expected_earned integer not null default 0,
    check ((state = 'queued') = (outcome is null))
  ) strict;
  create index operations_waiting on operations (seq) where state = 'queued';
  create index operations_parked on operations (seq) where state = 'parked';
  create index operations_by_reference on operations (reference) where reference is not null;
  create index operations_by_sale on operations (sale) where sale is not null;

  create table redemptions (
    id text primary key references operations (id) on delete cascade,
    step text not null check (step in ('asked', 'held', 'prepared', 'published', 'taken', 'withdrawn', 'reported')),
    -- What became of the discount, once that is known.
    verdict text check (verdict in ('taken', 'withdrawn', 'refused')),
    points integer not null,
    receipt text,
    protocol integer not null check (protocol in (1, 2)),
    changed_at integer not null,
    check (verdict is not null or step not in ('taken', 'withdrawn', 'reported'))
  ) strict, without rowid;
  create index redemptions_open on redemptions (id) where step <> 'reported';
  `,
  // Merges are a new kind of operation, which the check of the table did not allow.
  `
  create table operations_of_any_kind (
    seq integer primary key autoincrement,
    id text not null unique,
    kind text not null check (kind in ('earn', 'redeem', 'apply', 'release', 'refund', 'merge')),
    content text not null,
    device_at integer not null,
    at integer,
    offset_ms integer,
    state text not null default 'queued'
      check (state in ('queued', 'accepted', 'refused', 'parked', 'handed_over', 'superseded')),
    outcome text,
    settled_at integer,
    reference text,
    sale text,
    first_name text,
    expected_earned integer not null default 0,
    check ((state = 'queued') = (outcome is null))
  ) strict;
  insert into operations_of_any_kind select * from operations;
  drop table operations;
  alter table operations_of_any_kind rename to operations;
  create index operations_waiting on operations (seq) where state = 'queued';
  create index operations_parked on operations (seq) where state = 'parked';
  create index operations_by_reference on operations (reference) where reference is not null;
  create index operations_by_sale on operations (sale) where sale is not null;
  `,
]

/** Indexes are no migrations: an older version works with them, so that a register can go back to it. */
export const laterIndexes = `
  create index if not exists operations_handed_over on operations (settled_at, seq) where state = 'handed_over';
`
