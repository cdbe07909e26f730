-- The person behind a customer, as Telegram knows them. Erasing somebody deletes the row.
create table people (
  telegram_id bigint primary key,
  customer_id bigint not null unique references customers,
  language text not null check (language in ('ru', 'en')),
  -- Which text they agreed to, and when: nothing was stored before.
  consent_version text not null,
  consented_at timestamptz not null,
  notify_purchases boolean not null default true,
  notify_expiry boolean not null default true,
  -- They blocked the bot; nothing is sent until they come back.
  unreachable_since timestamptz
);

-- Who had the welcome bonus, so that forgetting and coming back does not give it again. The bot's token is
-- part of the hash and not in the database: nobody can tell from it who a person is.
create table welcomed (
  person_hash bytea primary key
);

-- What people are to be told, written with the points that it is about. `reference` is the operation, or the
-- day on which points die: each is told once.
create table notifications (
  customer_id bigint not null references customers,
  kind text not null check (kind in ('earned', 'spent', 'refunded', 'welcome', 'expiring')),
  reference text not null,
  facts jsonb not null,
  created_at timestamptz not null,
  due_at timestamptz not null,
  attempts int not null default 0 check (attempts >= 0),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'dropped', 'parked')),
  settled_at timestamptz,
  problem text,
  primary key (customer_id, kind, reference),
  check ((state = 'waiting') = (settled_at is null))
);
create index notifications_due on notifications (due_at, customer_id) where state = 'waiting';
create index notifications_parked on notifications (settled_at) where state = 'parked';

-- The key that signs the codes of the Mini App, PKCS #8. The registers are told its public half.
create table signing_key (
  only_row bool primary key default true check (only_row),
  private_key bytea not null,
  created_at timestamptz not null default now()
);

-- The id of the code that was shown for a redemption. It is good for one: one that was given up frees it.
alter table holds add column code_id text;
create unique index holds_of_code on holds (customer_id, code_id)
  where code_id is not null and state not in ('released', 'expired');

-- What Telegram signed for the Mini App belongs to the first app that shows it.
create table mini_app_sessions (
  init_data_hash bytea primary key,
  session_hash bytea not null,
  expires_at timestamptz not null
);
create index mini_app_sessions_ended on mini_app_sessions (expires_at);
