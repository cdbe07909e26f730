-- To advertising a person agrees apart from taking part, and may take it back alone: a consent of its own, to a text of
-- its own.
alter table consents add column purpose text not null default 'programme'
  check (purpose in ('programme', 'advertising'));
alter table consents alter column purpose drop default;
drop index consents_in_force;
create unique index consents_in_force on consents (customer_id, purpose) where withdrawn_at is null;
