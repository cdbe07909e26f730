-- What was asked of an act under a key: asked again it is answered as before, and nothing is done a second time.
create table act_requests (
  account text not null references staff on delete cascade,
  key text not null check (length(key) between 1 and 100),
  asked_at timestamptz not null,
  -- Of the act and its input: the key is good for nothing else.
  input_hash bytea not null,
  -- Null where it told a secret, which is told once and kept nowhere. Not jsonb: it is told again as it was.
  answer json,
  primary key (account, key)
);
create index act_requests_by_time on act_requests (asked_at);
