-- What was bought, where 1C says it: beside the operation, and dropped when the ledger keeps no more detail of it.
create table operation_items (
  programme_id int not null,
  customer_id bigint not null,
  operation_id uuid not null,
  kept_at timestamptz not null,
  items json not null,
  primary key (customer_id, operation_id),
  foreign key (operation_id) references operations,
  foreign key (programme_id, customer_id) references customers (programme_id, id)
);
-- What is old, of each programme by its own setting.
create index operation_items_old on operation_items (programme_id, kept_at);
