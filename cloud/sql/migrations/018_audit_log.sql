-- The log of changes is a chain: every row carries the hash of the one before it, so that a row that was changed, taken
-- out or put in is found, whoever did it. And it says where a person was.
alter table audit_log
  add column ip text,
  add column user_agent text,
  add column hash bytea,
  alter column id drop identity;

-- What a row says, and after which. A column that comes later is put into the object: where it is null the hash is as before.
create function audit_log_hash(before bytea, change audit_log) returns bytea stable language sql as $$
  select sha256(convert_to(
    jsonb_build_array(
      encode(before, 'hex'), change.id, (extract(epoch from change.at) * 1000000)::bigint,
      change.who, change.action, change.subject, change.before, change.after,
      jsonb_strip_nulls(jsonb_build_object('ip', change.ip, 'user_agent', change.user_agent)))::text,
    'UTF8'))
$$;

do $$
declare
  change audit_log;
  last bytea := '';
begin
  for change in select * from audit_log order by id loop
    last := audit_log_hash(last, change);
    update audit_log set hash = last where id = change.id;
  end loop;
end
$$;

alter table audit_log alter column hash set not null;

-- One after the other, each after the last that was committed: the lock is held until the end of the transaction.
create function chain_audit_log() returns trigger language plpgsql as $$
declare
  last record;
begin
  perform pg_advisory_xact_lock(hashtextextended('kopilka audit log', 0));
  select id, hash into last from audit_log order by id desc limit 1;
  new.id := coalesce(last.id, 0) + 1;
  new.hash := audit_log_hash(coalesce(last.hash, ''), new);
  return new;
end
$$;
create trigger audit_log_chained before insert on audit_log for each row execute function chain_audit_log();

create function refuse_audit_log_change() returns trigger language plpgsql as $$
begin
  raise exception 'the log of changes is append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$$;
create trigger audit_log_append_only before update or delete on audit_log
  for each row execute function refuse_audit_log_change();
create trigger audit_log_no_truncate before truncate on audit_log
  for each statement execute function refuse_audit_log_change();

-- Where the log ended when the nightly audit looked: who takes the last rows away leaves no break in the chain.
create table audit_log_heads (
  id bigint primary key,
  hash bytea not null,
  noted_at timestamptz not null
);
