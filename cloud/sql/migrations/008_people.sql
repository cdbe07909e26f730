-- Each consent that was given: to which text, how, and when it was withdrawn. It has an id of its own and nothing but
-- the customer ties it to a person; erasing cuts that tie, so that only the fact is left.
create table consents (
  id uuid primary key default gen_random_uuid(),
  customer_id bigint references customers,
  version text not null check (version <> ''),
  channel text not null check (channel in ('telegram', 'bot', 'mini_app', 'staff')),
  -- What staff wrote of it, such as where the paper lies. It may name the person, and goes with them.
  note text check (note <> ''),
  recorded_by text not null,
  given_at timestamptz not null,
  withdrawn_at timestamptz,
  check (withdrawn_at is not null or customer_id is not null),
  check (customer_id is not null or note is null)
);
create unique index consents_in_force on consents (customer_id) where withdrawn_at is null;

-- Until now only the people of Telegram had one, and whether in the bot or in the Mini App was not kept.
insert into consents (customer_id, version, channel, recorded_by, given_at)
select customer_id, consent_version, 'telegram', 'system:telegram', consented_at from people;
alter table people drop column consent_version, drop column consented_at;

-- Which cards were erased, and when: the list outside of the backups is written from it.
create table erasures (
  card text not null,
  erased_at timestamptz not null,
  primary key (card, erased_at)
);
insert into erasures (card, erased_at)
select substr(subject, 10), date_trunc('milliseconds', min(at)) from audit_log
where action = 'customer erase' and subject like 'customer %'
group by subject;

-- Who was erased while owing points. The hash is made with the bot's token, as in `welcomed`: when the same person
-- joins again the debt follows to the new card, and the row goes.
create table debtors (
  customer_id bigint primary key references customers,
  person_hash bytea not null,
  erased_at timestamptz not null
);
create index debtors_by_person on debtors (person_hash);
