-- What one person may not do alone: it waits here until others have approved it, and is done with the last approval.
create table proposals (
  id int generated always as identity primary key,
  act text not null,
  -- As the act's own schema has read it.
  input jsonb not null,
  programme_id int not null references programmes,
  points bigint,
  kopecks bigint,
  -- Of the act, its input and of what it changes: approvals are of exactly this.
  hash bytea not null,
  -- One approval of each of these roles.
  needs text[] not null check (cardinality(needs) > 0),
  -- A name of the staff, or `admin:` and a name on the server. They outlive the account.
  proposed_by text not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null check (state in ('open', 'done', 'rejected')),
  decided_at timestamptz,
  decided_by text,
  reason text,
  -- Done by one person alone, until somebody else has looked at it.
  is_break_glass boolean not null default false,
  reviewed_at timestamptz,
  reviewed_by text,
  check ((state = 'open') = (decided_at is null)),
  check (num_nulls(decided_at, decided_by) in (0, 2)),
  check (num_nulls(reviewed_at, reviewed_by) in (0, 2)),
  check (state <> 'rejected' or reason is not null),
  check (not is_break_glass or (state = 'done' and reason is not null)),
  check (reviewed_at is null or is_break_glass),
  check (reviewed_by <> decided_by)
);
create index proposals_open on proposals (expires_at) where state = 'open';
create index proposals_to_review on proposals (id) where is_break_glass and reviewed_at is null;

create table proposal_approvals (
  proposal_id int not null references proposals,
  account text not null,
  approved_at timestamptz not null,
  primary key (proposal_id, account)
);

-- Under which proposal something was done.
alter table audit_log add column proposal int;
create or replace function audit_log_hash(before bytea, change audit_log) returns bytea stable language sql as $$
  select sha256(convert_to(
    jsonb_build_array(
      encode(before, 'hex'), change.id, (extract(epoch from change.at) * 1000000)::bigint,
      change.who, change.action, change.subject, change.before, change.after,
      jsonb_strip_nulls(jsonb_build_object(
        'ip', change.ip, 'user_agent', change.user_agent, 'proposal', change.proposal)))::text,
    'UTF8'))
$$;

alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check check (kind in (
  'silent', 'queue', 'exchange', 'discrepancy', 'job', 'audit', 'holds', 'lookups', 'purchases', 'points', 'break_glass'));
