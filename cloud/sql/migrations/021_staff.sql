-- People who work for the chain, each with roles; the accounts of IT are the first of them.
alter table it_accounts rename to staff;
alter table staff rename constraint it_accounts_pkey to staff_pkey;
alter table staff rename constraint it_accounts_name_check to staff_name_check;
alter table staff
  -- Nobody signs in with it until the first link was used.
  alter column password_hash drop not null,
  add column roles text[] not null default '{it}',
  -- What they may see: null is all of them, those that come later too.
  add column programmes int[] check (cardinality(programmes) > 0),
  add column stores int[] check (cardinality(stores) > 0),
  add column language text not null default 'ru' check (language in ('ru', 'en')),
  add column disabled_at timestamptz,
  add column totp_secret bytea check (length(totp_secret) = 20),
  -- The half minute of the last code that let somebody in: a code is good once.
  add column totp_step bigint,
  add constraint staff_roles_check check (
    cardinality(roles) > 0 and roles <@ array['owner', 'marketing', 'finance', 'support', 'auditor', 'it']);
alter table staff alter column roles drop default;

alter table it_sessions rename to staff_sessions;
alter table staff_sessions rename constraint it_sessions_pkey to staff_sessions_pkey;
alter table staff_sessions rename constraint it_sessions_account_fkey to staff_sessions_account_fkey;
alter table staff_sessions
  -- What a list calls it; the token is its owner's alone.
  add column id uuid not null default gen_random_uuid() unique,
  add column ip text,
  add column user_agent text,
  -- Opened with the second factor.
  add column is_proven boolean not null default false,
  -- A second factor that is being set up here.
  add column pending_totp bytea check (length(pending_totp) = 20);
create index staff_sessions_of_account on staff_sessions (account);

alter table it_attempts rename to staff_attempts;
alter table staff_attempts rename constraint it_attempts_pkey to staff_attempts_pkey;
alter table staff_attempts rename constraint it_attempts_count_check to staff_attempts_count_check;

-- In place of a lost phone, each good once.
create table staff_recovery_codes (
  account text not null references staff on delete cascade,
  code_hash bytea not null,
  primary key (account, code_hash)
);

-- The way in for who has no password yet, or has lost it: good once, for an hour. A new one ends the one before.
create table staff_links (
  account text primary key references staff on delete cascade,
  token_hash bytea not null unique,
  expires_at timestamptz not null
);
