-- What a campaign would have cost, worked out beside everything else: the latest attempt of each campaign, and how far it is.
create table campaign_trials (
  campaign_id int primary key references campaigns,
  -- Whoever works at an older one gives up.
  attempt int not null default 1 check (attempt > 0),
  -- Of the campaign, as it was.
  version int not null,
  document jsonb not null,
  days int not null check (days > 0),
  asked_by text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  -- Purchases: all of them, and those that are judged.
  purchases int,
  judged int not null default 0,
  result jsonb,
  problem text,
  ended_at timestamptz,
  check ((ended_at is null) = (state in ('waiting', 'running'))),
  check ((state = 'done') = (result is not null)),
  check ((state = 'failed') = (problem is not null))
);
create index campaign_trials_open on campaign_trials (asked_at) where ended_at is null;
