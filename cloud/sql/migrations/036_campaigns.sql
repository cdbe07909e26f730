-- What a marketer bundles: for whom, what they get, for how long.
create table campaigns (
  id int generated always as identity primary key,
  programme_id int not null references programmes,
  name text not null,
  -- Counts what was saved under the name.
  version int not null default 1 check (version > 0),
  document jsonb not null,
  state text not null check (state in ('draft', 'running', 'paused', 'finished')),
  owner text not null,
  saved_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- Its people are chosen once, customer by customer: up to whom they are, and when all were.
  chosen_to bigint not null default 0,
  chosen_at timestamptz,
  unique (programme_id, name),
  check ((state = 'draft') = (started_at is null)),
  check ((state = 'finished') = (finished_at is not null))
);

-- Whom a campaign is for, as it was when they were chosen, those who are left out among them; and what became of the gift.
create table campaign_people (
  campaign_id int not null references campaigns,
  customer_id bigint not null references customers,
  is_held_out boolean not null,
  gift_points int check (gift_points > 0),
  -- The operation that gave it.
  gift_id uuid unique,
  -- Why there was none.
  refused text,
  primary key (campaign_id, customer_id),
  check (num_nonnulls(gift_points, refused) <= 1),
  check ((gift_points is null) = (gift_id is null)),
  check (not is_held_out or gift_points is null)
);
create index campaign_people_waiting on campaign_people (campaign_id, customer_id)
  where not is_held_out and gift_points is null and refused is null;
