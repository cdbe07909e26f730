-- In which Telegram somebody of the staff is told what waits for their approval, and what they were asked there last.
create table staff_telegram (
  account text primary key references staff on delete cascade,
  telegram_id bigint not null unique,
  bound_at timestamptz not null,
  -- The next words in that chat are the answer: a code of their app, or why they reject it.
  asks text check (asks in ('code', 'reason')),
  asked_proposal int references proposals,
  asked_hash bytea,
  asked_message bigint,
  asked_at timestamptz,
  check (num_nulls(asks, asked_proposal, asked_hash, asked_message, asked_at) in (0, 5))
);

-- The way from the console into that chat: good once, for ten minutes.
create table staff_telegram_links (
  account text primary key references staff on delete cascade,
  token_hash bytea not null unique,
  expires_at timestamptz not null
);

-- Who was told of which version of a proposal. A message that Telegram did not take has no number.
create table proposal_messages (
  proposal_id int not null references proposals,
  account text not null references staff on delete cascade,
  proposed_at timestamptz not null,
  telegram_id bigint not null,
  message_id bigint,
  -- Its buttons are gone: it says what became of the proposal.
  closed_at timestamptz,
  primary key (proposal_id, account, proposed_at)
);
create index proposal_messages_open on proposal_messages (proposal_id) where closed_at is null;
