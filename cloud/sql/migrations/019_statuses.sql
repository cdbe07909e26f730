-- What became of a customer's status, and why: the last row is how things stand. Who has none has the lowest of the book.
create table status_snapshots (
  customer_id bigint not null references customers,
  seq int not null check (seq > 0),
  -- From then on purchases are judged by it.
  at timestamptz not null,
  before text,
  after text,
  cause text not null check (cause in ('reached', 'book', 'returned', 'notice', 'kept', 'lost', 'set', 'ended')),
  -- What was measured, since when, and what the new status is reached with.
  value bigint not null,
  period_from timestamptz not null,
  needed bigint,
  -- When a notice or what a person has set is over.
  until timestamptz,
  book_version int not null,
  who text not null,
  reason text,
  tx xid8 not null default pg_current_xact_id(),
  primary key (customer_id, seq),
  check ((until is not null) = (cause in ('notice', 'set')))
);
create index status_snapshots_by_tx on status_snapshots (tx, customer_id);

create function refuse_status_snapshot_change() returns trigger language plpgsql as $$
begin
  raise exception 'statuses are append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$$;
create trigger status_snapshots_append_only before update or delete on status_snapshots
  for each row execute function refuse_status_snapshot_change();
create trigger status_snapshots_no_truncate before truncate on status_snapshots
  for each statement execute function refuse_status_snapshot_change();

alter table people add column notify_status boolean not null default true;
alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check
  check (kind in ('earned', 'spent', 'refunded', 'welcome', 'expiring', 'status'));
