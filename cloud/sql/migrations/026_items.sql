-- What was bought, where 1C says it: beside the operation, and dropped when the ledger keeps no more detail of it.
create table operation_items (
  operation_id uuid primary key references operations,
  programme_id int not null references programmes,
  kept_at timestamptz not null,
  items json not null
);
-- What is old, of each programme by its own setting.
create index operation_items_old on operation_items (programme_id, kept_at);
