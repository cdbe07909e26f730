-- Named conditions over the facts about customers, beside those that are built in.
create table segments (
  programme_id int not null references programmes,
  name text not null check (name ~ '^[a-z][a-z0-9_-]{0,63}$'),
  title text not null check (title <> ''),
  definition jsonb not null,
  saved_at timestamptz not null,
  saved_by text not null,
  primary key (programme_id, name)
);

-- In which of the segments that rule books ask for a customer is, in order. Who has no row is in none of them.
create table customer_segments (
  customer_id bigint primary key references customers,
  names text[] not null check (array_position(names, null) is null),
  -- Tills are told what became of it.
  tx xid8 not null default pg_current_xact_id()
);
create index customer_segments_by_tx on customer_segments (tx, customer_id);

-- Whoever goes by facts hears of those that were made anew.
alter table customer_facts add column tx xid8 not null default pg_current_xact_id();
create index customer_facts_by_tx on customer_facts (tx, customer_id);
