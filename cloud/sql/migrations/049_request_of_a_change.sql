-- With which request a change came: the line of that request in the log has the same.
alter table audit_log add column request_id uuid;
create or replace function audit_log_hash(before bytea, change audit_log) returns bytea stable language sql as $$
  select sha256(convert_to(
    jsonb_build_array(
      encode(before, 'hex'), change.id, (extract(epoch from change.at) * 1000000)::bigint,
      change.who, change.action, change.subject, change.before, change.after,
      jsonb_strip_nulls(jsonb_build_object(
        'ip', change.ip, 'user_agent', change.user_agent, 'proposal', change.proposal,
        'request_id', change.request_id)))::text,
    'UTF8'))
$$;
