-- Of what a merge brought, what has gone home by itself: with customers who had been merged into the given one before, and are
-- their own again while this merge stands.
alter table merges
  add column parted jsonb not null default '[]',
  add column debt_parted bigint not null default 0 check (debt_parted between 0 and debt);
