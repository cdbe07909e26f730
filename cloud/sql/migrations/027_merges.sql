-- Two customers may become one: the points, the operations and what is counted of one go to the other, and their card
-- stands for the other one from then on.
alter table customers add column merged_into bigint references customers;
-- A customer into whom others were merged is merged into nobody: a card is one step away from whom it stands for.
create index customers_merged on customers (merged_into) where merged_into is not null;

-- The customer whose entries the operation has, where another one has the operation by now.
alter table operations add column posted_to bigint;

alter table operations drop constraint operations_kind_check;
alter table operations add constraint operations_kind_check check (kind in (
  'earn', 'redeem', 'apply', 'release', 'refund', 'adjust', 'bonus', 'expire', 'merge', 'unmerge'));
alter table entries drop constraint entries_kind_check;
alter table entries add constraint entries_kind_check check (kind in (
  'earn', 'bonus', 'adjust', 'hold', 'return', 'spend', 'clawback', 'giveback', 'debt_payment', 'expire', 'merge_out',
  'merge_in', 'opening'));

-- The person who stays is told of it.
alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check
  check (kind in ('earned', 'spent', 'refunded', 'welcome', 'expiring', 'status', 'merged'));

create table merges (
  operation_id uuid primary key,
  -- The customer who stays, and the one who was given up.
  kept_id bigint not null references customers,
  given_id bigint not null references customers,
  at timestamptz not null,
  -- What each lot of the one brought to the same lot of the other: points, and those that may still be forgiven.
  parts json not null,
  debt bigint not null check (debt >= 0),
  -- Undone: what of it was still there, and went back.
  undone_at timestamptz,
  undone_by uuid,
  -- Who had it by then: the one who stayed may have been merged further.
  undone_from bigint references customers,
  returned json,
  debt_returned bigint check (debt_returned >= 0),
  check (kept_id <> given_id),
  check (num_nulls(undone_at, undone_by, undone_from, returned, debt_returned) in (0, 5))
);
create unique index merges_of_given on merges (given_id) where undone_at is null;
create index merges_of_kept on merges (kept_id);
