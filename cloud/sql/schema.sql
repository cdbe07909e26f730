-- What the migrations add up to. Written by `npm run schema`, compared by `npm test`; never edited by hand.

CREATE OR REPLACE FUNCTION audit_log_hash(before bytea, change audit_log)
 RETURNS bytea
 LANGUAGE sql
 STABLE
AS $function$
  select sha256(convert_to(
    jsonb_build_array(
      encode(before, 'hex'), change.id, (extract(epoch from change.at) * 1000000)::bigint,
      change.who, change.action, change.subject, change.before, change.after,
      jsonb_strip_nulls(jsonb_build_object(
        'ip', change.ip, 'user_agent', change.user_agent, 'proposal', change.proposal,
        'request_id', change.request_id)))::text,
    'UTF8'))
$function$;

CREATE OR REPLACE FUNCTION award_deserved(award json, paid numeric, kept numeric)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case
    when kept <= 0 then 0
    when award ->> 'basisPoints' is null then
      case when kept >= (award ->> 'minPaidKopecks')::bigint then (award ->> 'points')::bigint else 0 end
    else least((award ->> 'capPoints')::bigint, floor(
      (case when award -> 'ofKopecks' is null then kept else floor((award ->> 'ofKopecks')::numeric * kept / paid) end
        * (award ->> 'basisPoints')::int * coalesce((award ->> 'timesBasisPoints')::int, 10000) + 5000000000) / 10000000000))
  end
$function$;

CREATE OR REPLACE FUNCTION chain_audit_log()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  last record;
begin
  perform pg_advisory_xact_lock(hashtextextended('kopilka audit log', 0));
  select id, hash into last from audit_log order by id desc limit 1;
  new.id := coalesce(last.id, 0) + 1;
  new.hash := audit_log_hash(coalesce(last.hash, ''), new);
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION insist_on_transaction(loaded_in xid8)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if pg_current_xact_id_if_assigned() is distinct from loaded_in then
    raise exception 'what was loaded in another transaction cannot be written in this one' using errcode = 'serialization_failure';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION refuse_audit_log_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the log of changes is append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$function$;

CREATE OR REPLACE FUNCTION refuse_status_snapshot_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'statuses are append-only: % refused', tg_op using errcode = 'restrict_violation';
end
$function$;

CREATE OR REPLACE FUNCTION refuse_to_change_books()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'rule books are append-only: % refused', tg_op using errcode = 'restrict_violation';
end $function$;

CREATE OR REPLACE FUNCTION refuse_to_change_entries()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if current_user = 'kopilka_retention' and tg_op = 'DELETE' then
    return old;
  end if;
  raise exception 'entries are append-only: % refused', tg_op using errcode = 'restrict_violation';
end $function$;

CREATE OR REPLACE FUNCTION refuse_to_change_named_keys()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'rows without foreign keys name %, so their keys stay: % refused', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end $function$;

CREATE OR REPLACE FUNCTION standing_purchases(customer_ids bigint[] DEFAULT NULL::bigint[])
 RETURNS TABLE(programme_id integer, customer_id bigint, quote json, paid numeric, kept numeric, is_returned boolean)
 LANGUAGE sql
 STABLE
AS $function$
  select o.programme_id, o.customer_id, o.quote, money.paid, money.paid - coalesce(r.kopecks, 0),
    r.kopecks is not null and money.paid <= r.kopecks
  from operations o
  left join holds h on h.customer_id = o.customer_id and h.id = o.id
  left join (
    select operations.customer_id, reference_id, sum(refund_kopecks) as kopecks from operations
    where kind = 'refund' and status = 'accepted' and reference_id is not null
      and (customer_ids is null or operations.customer_id = any(customer_ids))
    group by 1, 2) r on r.customer_id = o.customer_id and r.reference_id = o.id
  cross join lateral (select (o.quote ->> 'paidKopecks')::numeric as paid) money
  where o.kind in ('earn', 'redeem') and o.status = 'accepted' and o.quote is not null
    and (h.id is null or h.state not in ('released', 'expired'))
    and (customer_ids is null or o.customer_id = any(customer_ids))
$function$;

CREATE OR REPLACE FUNCTION the_only_programme()
 RETURNS integer
 LANGUAGE sql
 STABLE
AS $function$
  select min(id) from programmes having count(*) = 1
$function$;

create table act_requests (
  account text not null,
  key text not null,
  asked_at timestamp with time zone not null,
  input_hash bytea not null,
  answer json,
  constraint act_requests_pkey PRIMARY KEY (account, key),
  constraint act_requests_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE,
  constraint act_requests_key_check CHECK (length(key) >= 1 AND length(key) <= 100)
);
CREATE INDEX act_requests_by_time ON act_requests USING btree (asked_at);

create table alerts (
  id bigint generated always as identity not null,
  kind text not null,
  reference text not null,
  register_id integer,
  details jsonb not null,
  since timestamp with time zone not null,
  ended_at timestamp with time zone,
  told_at timestamp with time zone,
  end_told_at timestamp with time zone,
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_register_id_fkey FOREIGN KEY (register_id) REFERENCES registers(id),
  constraint alerts_kind_check CHECK (kind = ANY (ARRAY['silent'::text, 'queue'::text, 'exchange'::text, 'discrepancy'::text, 'job'::text, 'audit'::text, 'holds'::text, 'lookups'::text, 'purchases'::text, 'points'::text, 'break_glass'::text, 'budget'::text, 'limit'::text, 'merges'::text]))
);
CREATE INDEX alerts_of_register ON alerts USING btree (register_id, id);
CREATE UNIQUE INDEX alerts_open ON alerts USING btree (kind, reference) WHERE (ended_at IS NULL);
CREATE INDEX alerts_to_tell ON alerts USING btree (id) WHERE ((told_at IS NULL) OR ((ended_at IS NOT NULL) AND (end_told_at IS NULL)));

create table audit_log (
  id bigint not null,
  at timestamp with time zone default now() not null,
  who text not null,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  ip text,
  user_agent text,
  hash bytea not null,
  proposal integer,
  request_id uuid,
  constraint audit_log_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_log_of_subject ON audit_log USING btree (subject, id);
CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit_log_change();
CREATE TRIGGER audit_log_chained BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION chain_audit_log();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_log_change();

create table audit_log_heads (
  id bigint not null,
  hash bytea not null,
  noted_at timestamp with time zone not null,
  constraint audit_log_heads_pkey PRIMARY KEY (id)
);

create table budget_spending (
  programme_id integer not null,
  budget_id text not null,
  period text not null,
  store_id integer,
  spent bigint not null,
  soft_at timestamp with time zone,
  hard_at timestamp with time zone,
  constraint budget_spending_programme_id_budget_id_period_store_id_key UNIQUE NULLS NOT DISTINCT (programme_id, budget_id, period, store_id),
  constraint budget_spending_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint budget_spending_programme_id_store_id_fkey FOREIGN KEY (programme_id, store_id) REFERENCES stores(programme_id, id),
  constraint budget_spending_period_check CHECK (period ~ '^(total|\d{4}-\d\d|\d{4}-W\d\d|\d{4}-\d\d-\d\d)$'::text),
  constraint budget_spending_spent_check CHECK (spent >= 0)
) with (fillfactor=50);

create table campaign_people (
  campaign_id integer not null,
  customer_id bigint not null,
  is_held_out boolean not null,
  gift_points integer,
  gift_id uuid,
  refused text,
  message text,
  constraint campaign_people_pkey PRIMARY KEY (campaign_id, customer_id),
  constraint campaign_people_gift_id_key UNIQUE (gift_id),
  constraint campaign_people_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint campaign_people_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint campaign_people_check CHECK (num_nonnulls(gift_points, refused) <= 1),
  constraint campaign_people_check1 CHECK ((gift_points IS NULL) = (gift_id IS NULL)),
  constraint campaign_people_check2 CHECK (NOT is_held_out OR gift_points IS NULL),
  constraint campaign_people_check3 CHECK (NOT is_held_out OR message IS NULL),
  constraint campaign_people_gift_points_check CHECK (gift_points > 0),
  constraint campaign_people_message_check CHECK (message = ANY (ARRAY['queued'::text, 'sent'::text, 'no_consent'::text, 'no_telegram'::text, 'blocked'::text, 'over_limit'::text, 'no_gift'::text, 'gone'::text, 'ended'::text, 'failed'::text]))
);
CREATE INDEX campaign_people_queued ON campaign_people USING btree (customer_id) WHERE (message = 'queued'::text);
CREATE INDEX campaign_people_untold ON campaign_people USING btree (campaign_id, (((gift_points IS NULL) AND (refused IS NULL))), customer_id) WHERE ((NOT is_held_out) AND (message IS NULL));
CREATE INDEX campaign_people_waiting ON campaign_people USING btree (campaign_id, customer_id) WHERE ((NOT is_held_out) AND (gift_points IS NULL) AND (refused IS NULL));

create table campaigns (
  id integer generated always as identity not null,
  programme_id integer not null,
  name text not null,
  version integer default 1 not null,
  document jsonb not null,
  state text not null,
  owner text not null,
  saved_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  chosen_to bigint default 0 not null,
  chosen_at timestamp with time zone,
  constraint campaigns_pkey PRIMARY KEY (id),
  constraint campaigns_programme_id_name_key UNIQUE (programme_id, name),
  constraint campaigns_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint campaigns_check CHECK ((state = 'draft'::text) = (started_at IS NULL)),
  constraint campaigns_check1 CHECK ((state = 'finished'::text) = (finished_at IS NOT NULL)),
  constraint campaigns_state_check CHECK (state = ANY (ARRAY['draft'::text, 'running'::text, 'paused'::text, 'finished'::text])),
  constraint campaigns_version_check CHECK (version > 0)
);

create table consents (
  id uuid default gen_random_uuid() not null,
  customer_id bigint,
  version text not null,
  channel text not null,
  note text,
  recorded_by text not null,
  given_at timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  purpose text not null,
  constraint consents_pkey PRIMARY KEY (id),
  constraint consents_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint consents_channel_check CHECK (channel = ANY (ARRAY['telegram'::text, 'bot'::text, 'mini_app'::text, 'staff'::text])),
  constraint consents_check CHECK (withdrawn_at IS NOT NULL OR customer_id IS NOT NULL),
  constraint consents_check1 CHECK (customer_id IS NOT NULL OR note IS NULL),
  constraint consents_note_check CHECK (note <> ''::text),
  constraint consents_purpose_check CHECK (purpose = ANY (ARRAY['programme'::text, 'advertising'::text])),
  constraint consents_version_check CHECK (version <> ''::text)
);
CREATE UNIQUE INDEX consents_in_force ON consents USING btree (customer_id, purpose) WHERE (withdrawn_at IS NULL);

create table customer_days (
  customer_id bigint not null,
  day text not null,
  points bigint not null,
  purchases integer not null,
  flagged_at timestamp with time zone,
  constraint customer_days_pkey PRIMARY KEY (customer_id, day),
  constraint customer_days_day_check CHECK (day ~ '^\d{4}-\d\d-\d\d$'::text)
);
CREATE INDEX customer_days_flagged ON customer_days USING btree (flagged_at) WHERE (flagged_at IS NOT NULL);

create table customer_facts (
  customer_id bigint not null,
  purchases integer not null,
  net_kopecks bigint not null,
  first_purchase_at timestamp with time zone,
  last_purchase_at timestamp with time zone,
  home_store_id integer,
  points_earned bigint not null,
  points_spent bigint not null,
  points_expired bigint not null,
  as_of timestamp with time zone not null,
  tx xid8 default pg_current_xact_id() not null,
  constraint customer_facts_pkey PRIMARY KEY (customer_id),
  constraint customer_facts_check CHECK ((purchases = 0) = (first_purchase_at IS NULL)),
  constraint customer_facts_check1 CHECK ((purchases = 0) = (last_purchase_at IS NULL)),
  constraint customer_facts_net_kopecks_check CHECK (net_kopecks >= 0),
  constraint customer_facts_purchases_check CHECK (purchases >= 0)
);
CREATE INDEX customer_facts_by_tx ON customer_facts USING btree (tx, customer_id);

create table customer_months (
  customer_id bigint not null,
  month date not null,
  purchases integer not null,
  net_kopecks bigint not null,
  constraint customer_months_pkey PRIMARY KEY (customer_id, month),
  constraint customer_months_month_check CHECK (month = date_trunc('month'::text, month::timestamp without time zone)),
  constraint customer_months_net_kopecks_check CHECK (net_kopecks >= 0),
  constraint customer_months_purchases_check CHECK (purchases > 0)
);

create table customer_segments (
  customer_id bigint not null,
  names text[] not null,
  tx xid8 default pg_current_xact_id() not null,
  constraint customer_segments_pkey PRIMARY KEY (customer_id),
  constraint customer_segments_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint customer_segments_names_check CHECK (array_position(names, NULL::text) IS NULL)
);
CREATE INDEX customer_segments_by_tx ON customer_segments USING btree (tx, customer_id);

create table customers (
  id bigint generated always as identity not null,
  card text not null,
  first_name text,
  status text default 'active'::text not null,
  balance bigint default 0 not null,
  debt bigint default 0 not null,
  last_entry integer default 0 not null,
  created_at timestamp with time zone default now() not null,
  profile_tx xid8 default pg_current_xact_id() not null,
  programme_id integer default the_only_programme() not null,
  purchases integer default 0 not null,
  merged_into bigint,
  constraint customers_pkey PRIMARY KEY (id),
  constraint customers_card_key UNIQUE (card),
  constraint customers_programme_id_id_key UNIQUE (programme_id, id),
  constraint customers_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES customers(id),
  constraint customers_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint customers_balance_check CHECK (balance >= 0),
  constraint customers_card_check CHECK (card ~ '^(\d{6,7}|(?!99)\d{9,12})$'::text),
  constraint customers_debt_check CHECK (debt >= 0),
  constraint customers_last_entry_check CHECK (last_entry >= 0),
  constraint customers_purchases_check CHECK (purchases >= 0),
  constraint customers_status_check CHECK (status = ANY (ARRAY['active'::text, 'frozen'::text, 'erased'::text]))
) with (fillfactor=75);
CREATE INDEX customers_by_profile_tx ON customers USING btree (profile_tx, id);
CREATE INDEX customers_merged ON customers USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE TRIGGER customers_stay BEFORE DELETE OR UPDATE OF id, programme_id OR TRUNCATE ON customers FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_named_keys();
grant select on customers to kopilka_retention;

create table debtors (
  customer_id bigint not null,
  person_hash bytea not null,
  erased_at timestamp with time zone not null,
  constraint debtors_pkey PRIMARY KEY (customer_id),
  constraint debtors_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);
CREATE INDEX debtors_by_person ON debtors USING btree (person_hash);

create table diagnostics (
  id bigint generated always as identity not null,
  register_id integer not null,
  received_at timestamp with time zone not null,
  content text not null,
  constraint diagnostics_pkey PRIMARY KEY (id),
  constraint diagnostics_register_id_fkey FOREIGN KEY (register_id) REFERENCES registers(id)
);
CREATE INDEX diagnostics_of_register ON diagnostics USING btree (register_id, id);

create table discrepancies (
  id integer generated always as identity not null,
  kind text not null,
  reference text not null,
  customer_id bigint,
  details jsonb not null,
  filed_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  settled_by text,
  settlement text,
  constraint discrepancies_pkey PRIMARY KEY (id),
  constraint discrepancies_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint discrepancies_check CHECK ((settled_at IS NULL) = (settled_by IS NULL)),
  constraint discrepancies_kind_check CHECK (kind = ANY (ARRAY['hold_in_doubt'::text, 'late_apply'::text, 'audit'::text, 'parked'::text]))
);
CREATE UNIQUE INDEX discrepancies_open ON discrepancies USING btree (kind, reference) WHERE (settled_at IS NULL);
CREATE INDEX discrepancies_parked ON discrepancies USING btree (((details ->> 'registerId'::text)), filed_at) WHERE (kind = 'parked'::text);

create table ended_keys (
  key_hash bytea not null,
  register_id integer not null,
  ended_at timestamp with time zone not null,
  constraint ended_keys_pkey PRIMARY KEY (key_hash),
  constraint ended_keys_register_id_fkey FOREIGN KEY (register_id) REFERENCES registers(id)
);

create table entries (
  customer_id bigint not null,
  seq integer not null,
  operation_id uuid,
  kind text not null,
  hold_id uuid,
  points bigint not null,
  debt bigint default 0 not null,
  balance_before bigint not null,
  balance_after bigint not null,
  at timestamp with time zone not null,
  lot_active_from timestamp with time zone,
  lot_expires_at timestamp with time zone,
  rule_id text,
  constraint entries_pkey PRIMARY KEY (customer_id, seq),
  constraint entries_balance_after_check CHECK (balance_after >= 0),
  constraint entries_check CHECK (balance_after = (balance_before + points)),
  constraint entries_check1 CHECK (points = 0 OR lot_expires_at IS NOT NULL),
  constraint entries_check2 CHECK (kind = 'opening'::text OR operation_id IS NOT NULL),
  constraint entries_check3 CHECK ((lot_expires_at IS NULL) = (lot_active_from IS NULL)),
  constraint entries_check4 CHECK (rule_id IS NULL OR kind = 'earn'::text),
  constraint entries_kind_check CHECK (kind = ANY (ARRAY['earn'::text, 'bonus'::text, 'adjust'::text, 'hold'::text, 'return'::text, 'spend'::text, 'clawback'::text, 'giveback'::text, 'debt_payment'::text, 'expire'::text, 'merge_out'::text, 'merge_in'::text, 'opening'::text])),
  constraint entries_seq_check CHECK (seq > 0)
);
CREATE INDEX entries_of_hold ON entries USING btree (customer_id, hold_id) WHERE (hold_id IS NOT NULL);
CREATE TRIGGER entries_append_only BEFORE DELETE OR UPDATE ON entries FOR EACH ROW EXECUTE FUNCTION refuse_to_change_entries();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_entries();
grant delete, insert, select on entries to kopilka_retention;

create table erasures (
  card text not null,
  erased_at timestamp with time zone not null,
  constraint erasures_pkey PRIMARY KEY (card, erased_at)
);

create table feed_readers (
  name text not null,
  cursor text not null,
  basis text not null,
  constraint feed_readers_pkey PRIMARY KEY (name)
);

create table former_friends (
  person_hash bytea not null,
  constraint former_friends_pkey PRIMARY KEY (person_hash)
);

create table holds (
  customer_id bigint not null,
  id uuid not null,
  store_id integer not null,
  register_id integer not null,
  state text not null,
  points integer not null,
  purchase_kopecks integer not null,
  until timestamp with time zone not null,
  in_doubt_at timestamp with time zone,
  resolved_by uuid,
  code_id text,
  voucher_kopecks integer not null,
  parts json not null,
  programme_id integer not null,
  voucher_id bigint,
  voucher_returned_by uuid,
  constraint holds_pkey PRIMARY KEY (customer_id, id),
  constraint holds_check CHECK ((state = ANY (ARRAY['applied'::text, 'released'::text, 'expired'::text])) = (resolved_by IS NOT NULL)),
  constraint holds_points_check CHECK (points > 0 OR points = 0 AND voucher_id IS NOT NULL),
  constraint holds_state_check CHECK (state = ANY (ARRAY['pending'::text, 'processing'::text, 'applied'::text, 'released'::text, 'expired'::text, 'in_doubt'::text])),
  constraint holds_voucher_check CHECK (voucher_id IS NOT NULL OR voucher_kopecks = 0 AND voucher_returned_by IS NULL),
  constraint holds_voucher_kopecks_check CHECK (voucher_kopecks >= 0)
);
CREATE UNIQUE INDEX holds_of_code ON holds USING btree (customer_id, code_id) WHERE ((code_id IS NOT NULL) AND (state <> ALL (ARRAY['released'::text, 'expired'::text])));
CREATE INDEX holds_of_voucher ON holds USING btree (voucher_id) WHERE (voucher_id IS NOT NULL);
CREATE INDEX holds_open ON holds USING btree (customer_id, id) WHERE (state = ANY (ARRAY['pending'::text, 'processing'::text, 'in_doubt'::text]));
CREATE INDEX holds_open_of_store ON holds USING btree (store_id, state, until) WHERE (state = ANY (ARRAY['pending'::text, 'processing'::text, 'in_doubt'::text]));
CREATE INDEX holds_with_voucher ON holds USING btree (customer_id, voucher_id) WHERE (voucher_id IS NOT NULL);
grant select on holds to kopilka_retention;

create table job_runs (
  id bigint generated always as identity not null,
  job text not null,
  run_for timestamp with time zone not null,
  started_at timestamp with time zone default now() not null,
  finished_at timestamp with time zone,
  result jsonb,
  error text,
  constraint job_runs_pkey PRIMARY KEY (id)
);
CREATE INDEX job_runs_latest ON job_runs USING btree (job, started_at DESC);

create table lookup_counts (
  register_id integer not null,
  slot timestamp with time zone not null,
  cards integer not null,
  missed integer not null,
  constraint lookup_counts_pkey PRIMARY KEY (register_id, slot),
  constraint lookup_counts_register_id_fkey FOREIGN KEY (register_id) REFERENCES registers(id),
  constraint lookup_counts_cards_check CHECK (cards >= 0),
  constraint lookup_counts_missed_check CHECK (missed >= 0)
);

create table lots (
  customer_id bigint not null,
  active_from timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  points bigint not null,
  remaining bigint not null,
  expired bigint not null,
  forgiven bigint not null,
  filled boolean generated always as ((remaining > 0)) stored not null,
  constraint lots_pkey PRIMARY KEY (customer_id, expires_at, active_from),
  constraint lots_check CHECK (active_from < expires_at),
  constraint lots_check1 CHECK ((remaining + expired) <= points),
  constraint lots_check2 CHECK (forgiven <= expired),
  constraint lots_expired_check CHECK (expired >= 0),
  constraint lots_forgiven_check CHECK (forgiven >= 0),
  constraint lots_points_check CHECK (points > 0),
  constraint lots_remaining_check CHECK (remaining >= 0)
) with (fillfactor=85);
CREATE INDEX lots_filled ON lots USING btree (customer_id, expires_at) WHERE filled;
CREATE INDEX lots_to_expire ON lots USING btree (expires_at, customer_id) WHERE filled;
grant select on lots to kopilka_retention;

create table merges (
  operation_id uuid not null,
  kept_id bigint not null,
  given_id bigint not null,
  at timestamp with time zone not null,
  parts json not null,
  debt bigint not null,
  undone_at timestamp with time zone,
  undone_by uuid,
  undone_from bigint,
  returned json,
  debt_returned bigint,
  parted jsonb default '[]'::jsonb not null,
  debt_parted bigint default 0 not null,
  constraint merges_pkey PRIMARY KEY (operation_id),
  constraint merges_given_id_fkey FOREIGN KEY (given_id) REFERENCES customers(id),
  constraint merges_kept_id_fkey FOREIGN KEY (kept_id) REFERENCES customers(id),
  constraint merges_undone_from_fkey FOREIGN KEY (undone_from) REFERENCES customers(id),
  constraint merges_check CHECK (kept_id <> given_id),
  constraint merges_check1 CHECK (num_nulls(undone_at, undone_by, undone_from, returned, debt_returned) = ANY (ARRAY[0, 5])),
  constraint merges_check2 CHECK (debt_parted >= 0 AND debt_parted <= debt),
  constraint merges_debt_check CHECK (debt >= 0),
  constraint merges_debt_returned_check CHECK (debt_returned >= 0)
);
CREATE INDEX merges_by_time ON merges USING btree (at);
CREATE UNIQUE INDEX merges_of_given ON merges USING btree (given_id) WHERE (undone_at IS NULL);
CREATE INDEX merges_of_kept ON merges USING btree (kept_id);

create table mini_app_sessions (
  init_data_hash bytea not null,
  session_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint mini_app_sessions_pkey PRIMARY KEY (init_data_hash)
);
CREATE INDEX mini_app_sessions_ended ON mini_app_sessions USING btree (expires_at);

create table notifications (
  customer_id bigint not null,
  kind text not null,
  reference text not null,
  facts jsonb not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  attempts integer default 0 not null,
  begun_at timestamp with time zone,
  interruptions integer default 0 not null,
  failures integer default 0 not null,
  state text default 'waiting'::text not null,
  settled_at timestamp with time zone,
  problem text,
  constraint notifications_pkey PRIMARY KEY (customer_id, kind, reference),
  constraint notifications_attempts_check CHECK (attempts >= 0),
  constraint notifications_check CHECK ((state = 'waiting'::text) = (settled_at IS NULL)),
  constraint notifications_check1 CHECK (begun_at IS NULL OR state = 'waiting'::text),
  constraint notifications_failures_check CHECK (failures >= 0),
  constraint notifications_interruptions_check CHECK (interruptions >= 0),
  constraint notifications_kind_check CHECK (kind = ANY (ARRAY['earned'::text, 'spent'::text, 'refunded'::text, 'welcome'::text, 'expiring'::text, 'status'::text, 'merged'::text, 'referral'::text, 'campaign'::text, 'campaign_test'::text, 'voucher'::text])),
  constraint notifications_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'sent'::text, 'dropped'::text, 'parked'::text]))
);
CREATE INDEX notifications_due ON notifications USING btree (((kind = ANY (ARRAY['expiring'::text, 'campaign'::text, 'voucher'::text]))), due_at, customer_id) WHERE (state = 'waiting'::text);
CREATE INDEX notifications_parked ON notifications USING btree (settled_at) WHERE (state = 'parked'::text);
CREATE INDEX notifications_settled ON notifications USING btree (settled_at) WHERE (settled_at IS NOT NULL);

create table operation_items (
  operation_id uuid not null,
  programme_id integer not null,
  kept_at timestamp with time zone not null,
  items json not null,
  constraint operation_items_pkey PRIMARY KEY (operation_id)
);
CREATE INDEX operation_items_old ON operation_items USING btree (programme_id, kept_at);

create table operations (
  customer_id bigint not null,
  id uuid not null,
  kind text not null,
  status text not null,
  store_id integer,
  register_id integer,
  author text not null,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null,
  tx xid8 default pg_current_xact_id() not null,
  purchase_kopecks integer,
  points bigint,
  reference_id uuid,
  refund_kopecks integer,
  receipt text,
  reason text,
  content bytea not null,
  earned bigint default 0 not null,
  spent bigint default 0 not null,
  outcome json not null,
  quote json,
  programme_id integer not null,
  cashier text,
  typed boolean default false not null,
  posted_to bigint,
  constraint operations_pkey PRIMARY KEY (id),
  constraint operations_check CHECK ((store_id IS NULL) = (register_id IS NULL)),
  constraint operations_kind_check CHECK (kind = ANY (ARRAY['earn'::text, 'redeem'::text, 'apply'::text, 'release'::text, 'refund'::text, 'adjust'::text, 'bonus'::text, 'expire'::text, 'merge'::text, 'unmerge'::text])),
  constraint operations_status_check CHECK (status = ANY (ARRAY['accepted'::text, 'refused'::text])),
  constraint operations_typed_check CHECK (NOT typed OR kind = 'earn'::text)
);
CREATE INDEX operations_by_hand ON operations USING btree (at) WHERE ((kind = 'adjust'::text) AND (status = 'accepted'::text));
CREATE INDEX operations_by_tx ON operations USING btree (tx, customer_id);
CREATE INDEX operations_equal_purchases ON operations USING btree (customer_id, purchase_kopecks, at, id) WHERE ((status = 'accepted'::text) AND (kind = ANY (ARRAY['earn'::text, 'redeem'::text])));
CREATE INDEX operations_of_customer ON operations USING btree (customer_id, at DESC, id DESC) WHERE (status = 'accepted'::text);
CREATE INDEX operations_of_receipt ON operations USING btree (store_id, reverse(receipt) COLLATE "C") WHERE ((receipt IS NOT NULL) AND (status = 'accepted'::text) AND (kind = ANY (ARRAY['earn'::text, 'redeem'::text])));
CREATE INDEX operations_of_store ON operations USING btree (store_id, recorded_at DESC, id);
CREATE INDEX operations_settling ON operations USING btree (customer_id, reference_id) WHERE ((status = 'accepted'::text) AND (reference_id IS NOT NULL));
CREATE TRIGGER operations_stay BEFORE DELETE OR UPDATE OF id OR TRUNCATE ON operations FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_named_keys();
grant select on operations to kopilka_retention;

create table pairing_codes (
  code_hash bytea not null,
  store_id integer not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  register_id integer,
  constraint pairing_codes_pkey PRIMARY KEY (code_hash),
  constraint pairing_codes_register_id_fkey FOREIGN KEY (register_id) REFERENCES registers(id),
  constraint pairing_codes_store_id_fkey FOREIGN KEY (store_id) REFERENCES stores(id)
);

create table people (
  telegram_id bigint not null,
  customer_id bigint not null,
  language text not null,
  notify_purchases boolean default true not null,
  notify_expiry boolean default true not null,
  unreachable_since timestamp with time zone,
  notify_status boolean default true not null,
  notify_referrals boolean default true not null,
  notify_vouchers boolean default true not null,
  constraint people_pkey PRIMARY KEY (telegram_id),
  constraint people_customer_id_key UNIQUE (customer_id),
  constraint people_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint people_language_check CHECK (language = ANY (ARRAY['ru'::text, 'en'::text]))
);

create table programmes (
  id integer generated always as identity not null,
  merchant text not null,
  name text not null,
  currency text not null,
  minor_digits integer not null,
  time_zone text,
  point_words text[] not null,
  settings jsonb default '{}'::jsonb not null,
  version integer default 1 not null,
  frozen_at timestamp with time zone,
  counts_kept_from text,
  followed_segments text[] default '{}'::text[] not null,
  constraint programmes_pkey PRIMARY KEY (id),
  constraint programmes_name_key UNIQUE (name),
  constraint programmes_counts_kept_from_check CHECK (counts_kept_from ~ '^\d{4}-\d\d-\d\d$'::text),
  constraint programmes_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  constraint programmes_followed_segments_check CHECK (array_position(followed_segments, NULL::text) IS NULL),
  constraint programmes_merchant_check CHECK (merchant <> ''::text),
  constraint programmes_minor_digits_check CHECK (minor_digits >= 0 AND minor_digits <= 4),
  constraint programmes_name_check CHECK (name <> ''::text),
  constraint programmes_point_words_check CHECK (cardinality(point_words) = 3 AND array_position(point_words, NULL::text) IS NULL),
  constraint programmes_time_zone_check CHECK (time_zone <> ''::text)
);

create table proposal_approvals (
  proposal_id integer not null,
  account text not null,
  approved_at timestamp with time zone not null,
  constraint proposal_approvals_pkey PRIMARY KEY (proposal_id, account),
  constraint proposal_approvals_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id)
);

create table proposal_messages (
  proposal_id integer not null,
  account text not null,
  proposed_at timestamp with time zone not null,
  telegram_id bigint not null,
  message_id bigint,
  closed_at timestamp with time zone,
  constraint proposal_messages_pkey PRIMARY KEY (proposal_id, account, proposed_at),
  constraint proposal_messages_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE,
  constraint proposal_messages_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id)
);
CREATE INDEX proposal_messages_open ON proposal_messages USING btree (proposal_id) WHERE (closed_at IS NULL);

create table proposals (
  id integer generated always as identity not null,
  act text not null,
  input jsonb not null,
  programme_id integer not null,
  points bigint,
  kopecks bigint,
  hash bytea not null,
  needs text[] not null,
  proposed_by text not null,
  proposed_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  state text not null,
  decided_at timestamp with time zone,
  decided_by text,
  reason text,
  is_break_glass boolean default false not null,
  reviewed_at timestamp with time zone,
  reviewed_by text,
  constraint proposals_pkey PRIMARY KEY (id),
  constraint proposals_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint proposals_check CHECK ((state = 'open'::text) = (decided_at IS NULL)),
  constraint proposals_check1 CHECK (num_nulls(decided_at, decided_by) = ANY (ARRAY[0, 2])),
  constraint proposals_check2 CHECK (num_nulls(reviewed_at, reviewed_by) = ANY (ARRAY[0, 2])),
  constraint proposals_check3 CHECK (state <> 'rejected'::text OR reason IS NOT NULL),
  constraint proposals_check4 CHECK (NOT is_break_glass OR state = 'done'::text AND reason IS NOT NULL),
  constraint proposals_check5 CHECK (reviewed_at IS NULL OR is_break_glass),
  constraint proposals_check6 CHECK (reviewed_by <> decided_by),
  constraint proposals_needs_check CHECK (cardinality(needs) > 0),
  constraint proposals_state_check CHECK (state = ANY (ARRAY['open'::text, 'done'::text, 'rejected'::text]))
);
CREATE INDEX proposals_open ON proposals USING btree (expires_at) WHERE (state = 'open'::text);
CREATE INDEX proposals_to_review ON proposals USING btree (id) WHERE (is_break_glass AND (reviewed_at IS NULL));

create table referral_codes (
  customer_id bigint not null,
  code text not null,
  constraint referral_codes_pkey PRIMARY KEY (customer_id),
  constraint referral_codes_code_key UNIQUE (code),
  constraint referral_codes_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint referral_codes_code_check CHECK (code ~ '^[2-9a-hj-km-np-z]{10}$'::text)
);

create table referrals (
  referee_id bigint not null,
  referrer_id bigint not null,
  programme_id integer not null,
  invited_at timestamp with time zone not null,
  state text not null,
  reason text,
  note text,
  decided_by text,
  is_released boolean default false not null,
  due_at timestamp with time zone,
  purchase_id uuid,
  purchase_at timestamp with time zone,
  register_id integer,
  settled_at timestamp with time zone,
  rewarded_at timestamp with time zone,
  referrer_points integer default 0 not null,
  referee_points integer default 0 not null,
  referrer_gift uuid,
  referee_gift uuid,
  referrer_taking uuid,
  referee_taking uuid,
  constraint referrals_pkey PRIMARY KEY (referee_id),
  constraint referrals_programme_id_referee_id_fkey FOREIGN KEY (programme_id, referee_id) REFERENCES customers(programme_id, id),
  constraint referrals_programme_id_referrer_id_fkey FOREIGN KEY (programme_id, referrer_id) REFERENCES customers(programme_id, id),
  constraint referrals_check CHECK (referee_id <> referrer_id OR state = 'rejected'::text),
  constraint referrals_check1 CHECK ((reason IS NOT NULL) = (state = ANY (ARRAY['rejected'::text, 'taken_back'::text]))),
  constraint referrals_check2 CHECK ((settled_at IS NULL) = (state = ANY (ARRAY['waiting'::text, 'flagged'::text]))),
  constraint referrals_check3 CHECK ((rewarded_at IS NULL) = (state <> ALL (ARRAY['rewarded'::text, 'taken_back'::text]))),
  constraint referrals_check4 CHECK ((purchase_id IS NULL) = (purchase_at IS NULL)),
  constraint referrals_check5 CHECK (rewarded_at IS NULL OR purchase_id IS NOT NULL),
  constraint referrals_check6 CHECK ((referrer_gift IS NOT NULL) = (referrer_points > 0) AND (referee_gift IS NOT NULL) = (referee_points > 0)),
  constraint referrals_check7 CHECK (rewarded_at IS NOT NULL OR num_nonnulls(referrer_gift, referee_gift) = 0),
  constraint referrals_check8 CHECK (state = 'taken_back'::text OR num_nonnulls(referrer_taking, referee_taking) = 0),
  constraint referrals_note_check CHECK (note <> ''::text),
  constraint referrals_reason_check CHECK (reason = ANY (ARRAY['self'::text, 'customer_before'::text, 'circle'::text, 'over_month'::text, 'staff'::text, 'returned'::text, 'left'::text, 'person'::text])),
  constraint referrals_referee_points_check CHECK (referee_points >= 0),
  constraint referrals_referrer_points_check CHECK (referrer_points >= 0),
  constraint referrals_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'flagged'::text, 'rewarded'::text, 'rejected'::text, 'taken_back'::text]))
);
CREATE INDEX referrals_due ON referrals USING btree (due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX referrals_latest ON referrals USING btree (programme_id, invited_at, referee_id);
CREATE INDEX referrals_of_referrer ON referrals USING btree (referrer_id, purchase_at);

create table registers (
  id integer generated always as identity not null,
  store_id integer not null,
  name text not null,
  key_hash bytea not null,
  channel text default 'stable'::text not null,
  created_at timestamp with time zone default now() not null,
  revoked_at timestamp with time zone,
  last_seen_at timestamp with time zone,
  version text,
  heartbeat jsonb,
  diagnostics_asked_at timestamp with time zone,
  join_code text default substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 1, 12) not null,
  constraint registers_pkey PRIMARY KEY (id),
  constraint registers_key_hash_key UNIQUE (key_hash),
  constraint registers_store_id_name_key UNIQUE (store_id, name),
  constraint registers_store_id_fkey FOREIGN KEY (store_id) REFERENCES stores(id),
  constraint registers_channel_check CHECK (channel = ANY (ARRAY['stable'::text, 'beta'::text])),
  constraint registers_join_code_check CHECK (join_code ~ '^[0-9a-f]{12}$'::text),
  constraint registers_name_check CHECK (name <> ''::text)
);
CREATE UNIQUE INDEX registers_by_join_code ON registers USING btree (join_code);
CREATE TRIGGER registers_stay BEFORE DELETE OR UPDATE OF id OR TRUNCATE ON registers FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_named_keys();

create table release_channels (
  channel text not null,
  version text not null,
  percent integer not null,
  published_at timestamp with time zone not null,
  pulled_at timestamp with time zone,
  constraint release_channels_pkey PRIMARY KEY (channel, version),
  constraint release_channels_version_fkey FOREIGN KEY (version) REFERENCES releases(version),
  constraint release_channels_channel_check CHECK (channel = ANY (ARRAY['stable'::text, 'beta'::text])),
  constraint release_channels_percent_check CHECK (percent >= 0 AND percent <= 100)
);

create table release_files (
  name text not null,
  version text not null,
  kind text not null,
  size_bytes bigint not null,
  sha512 bytea not null,
  constraint release_files_pkey PRIMARY KEY (name),
  constraint release_files_version_fkey FOREIGN KEY (version) REFERENCES releases(version),
  constraint release_files_kind_check CHECK (kind = ANY (ARRAY['installer'::text, 'blockmap'::text])),
  constraint release_files_name_check CHECK (name ~ '^[\w .()+-]+$'::text),
  constraint release_files_sha512_check CHECK (length(sha512) = 64),
  constraint release_files_size_bytes_check CHECK (size_bytes > 0)
);
CREATE UNIQUE INDEX release_files_of_version ON release_files USING btree (version, kind);

create table releases (
  version text not null,
  released_at timestamp with time zone,
  published_at timestamp with time zone not null,
  constraint releases_pkey PRIMARY KEY (version),
  constraint releases_version_check CHECK (version <> ''::text)
);

create table rule_books (
  version integer not null,
  valid_from timestamp with time zone not null,
  document jsonb not null,
  hash bytea not null,
  published_at timestamp with time zone not null,
  published_by text not null,
  reason text not null,
  programme_id integer not null,
  constraint rule_books_pkey PRIMARY KEY (programme_id, version),
  constraint rule_books_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint rule_books_version_check CHECK (version > 0)
);
CREATE INDEX rule_books_in_order ON rule_books USING btree (programme_id, valid_from, version);
CREATE TRIGGER rule_books_append_only BEFORE DELETE OR UPDATE ON rule_books FOR EACH ROW EXECUTE FUNCTION refuse_to_change_books();
CREATE TRIGGER rule_books_no_truncate BEFORE TRUNCATE ON rule_books FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_books();

create table rule_uses (
  customer_id bigint not null,
  period text not null,
  rule_id text not null,
  uses integer not null,
  constraint rule_uses_pkey PRIMARY KEY (customer_id, period, rule_id),
  constraint rule_uses_period_check CHECK (period = 'total'::text OR period ~ '^\d{4}-\d\d-\d\d$'::text)
);

create table segments (
  programme_id integer not null,
  name text not null,
  title text not null,
  definition jsonb not null,
  saved_at timestamp with time zone not null,
  saved_by text not null,
  constraint segments_pkey PRIMARY KEY (programme_id, name),
  constraint segments_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint segments_name_check CHECK (name ~ '^[a-z][a-z0-9_-]{0,63}$'::text),
  constraint segments_title_check CHECK (title <> ''::text)
);

create table signing_key (
  only_row boolean default true not null,
  private_key bytea not null,
  created_at timestamp with time zone default now() not null,
  constraint signing_key_pkey PRIMARY KEY (only_row),
  constraint signing_key_only_row_check CHECK (only_row)
);

create table staff (
  name text not null,
  password_hash text,
  created_at timestamp with time zone not null,
  roles text[] not null,
  programmes integer[],
  stores integer[],
  language text default 'ru'::text not null,
  disabled_at timestamp with time zone,
  totp_secret bytea,
  totp_step bigint,
  constraint staff_pkey PRIMARY KEY (name),
  constraint staff_language_check CHECK (language = ANY (ARRAY['ru'::text, 'en'::text])),
  constraint staff_name_check CHECK (name ~ '^[a-z][a-z0-9._-]{0,31}$'::text),
  constraint staff_programmes_check CHECK (cardinality(programmes) > 0),
  constraint staff_roles_check CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['owner'::text, 'marketing'::text, 'finance'::text, 'support'::text, 'auditor'::text, 'it'::text]),
  constraint staff_stores_check CHECK (cardinality(stores) > 0),
  constraint staff_totp_secret_check CHECK (length(totp_secret) = 20)
);

create table staff_attempts (
  subject bytea not null,
  count integer not null,
  last_at timestamp with time zone not null,
  constraint staff_attempts_pkey PRIMARY KEY (subject),
  constraint staff_attempts_count_check CHECK (count > 0)
);

create table staff_cards (
  customer_id bigint not null,
  marked_at timestamp with time zone not null,
  marked_by text not null,
  constraint staff_cards_pkey PRIMARY KEY (customer_id),
  constraint staff_cards_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id)
);

create table staff_challenges (
  challenge text not null,
  account text,
  expires_at timestamp with time zone not null,
  constraint staff_challenges_pkey PRIMARY KEY (challenge),
  constraint staff_challenges_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE
);

create table staff_links (
  account text not null,
  token_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint staff_links_pkey PRIMARY KEY (account),
  constraint staff_links_token_hash_key UNIQUE (token_hash),
  constraint staff_links_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE
);

create table staff_passkeys (
  id text not null,
  account text not null,
  title text not null,
  public_key bytea not null,
  counter bigint not null,
  created_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint staff_passkeys_pkey PRIMARY KEY (id),
  constraint staff_passkeys_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE,
  constraint staff_passkeys_counter_check CHECK (counter >= 0),
  constraint staff_passkeys_id_check CHECK (length(id) >= 1 AND length(id) <= 1400),
  constraint staff_passkeys_title_check CHECK (length(title) >= 1 AND length(title) <= 60)
);
CREATE INDEX staff_passkeys_of_account ON staff_passkeys USING btree (account);

create table staff_recovery_codes (
  account text not null,
  code_hash bytea not null,
  constraint staff_recovery_codes_pkey PRIMARY KEY (account, code_hash),
  constraint staff_recovery_codes_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE
);

create table staff_sessions (
  token_hash bytea not null,
  account text not null,
  created_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  id uuid default gen_random_uuid() not null,
  ip text,
  user_agent text,
  is_proven boolean default false not null,
  pending_totp bytea,
  constraint staff_sessions_pkey PRIMARY KEY (token_hash),
  constraint staff_sessions_id_key UNIQUE (id),
  constraint staff_sessions_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE,
  constraint staff_sessions_pending_totp_check CHECK (length(pending_totp) = 20)
);
CREATE INDEX staff_sessions_of_account ON staff_sessions USING btree (account);

create table staff_telegram (
  account text not null,
  telegram_id bigint not null,
  bound_at timestamp with time zone not null,
  asks text,
  asked_proposal integer,
  asked_hash bytea,
  asked_message bigint,
  asked_at timestamp with time zone,
  constraint staff_telegram_pkey PRIMARY KEY (account),
  constraint staff_telegram_telegram_id_key UNIQUE (telegram_id),
  constraint staff_telegram_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE,
  constraint staff_telegram_asked_proposal_fkey FOREIGN KEY (asked_proposal) REFERENCES proposals(id),
  constraint staff_telegram_asks_check CHECK (asks = ANY (ARRAY['code'::text, 'reason'::text])),
  constraint staff_telegram_check CHECK (num_nulls(asks, asked_proposal, asked_hash, asked_message, asked_at) = ANY (ARRAY[0, 5]))
);

create table staff_telegram_links (
  account text not null,
  token_hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint staff_telegram_links_pkey PRIMARY KEY (account),
  constraint staff_telegram_links_token_hash_key UNIQUE (token_hash),
  constraint staff_telegram_links_account_fkey FOREIGN KEY (account) REFERENCES staff(name) ON DELETE CASCADE
);

create table status_snapshots (
  customer_id bigint not null,
  seq integer not null,
  at timestamp with time zone not null,
  before text,
  after text,
  cause text not null,
  value bigint not null,
  period_from timestamp with time zone not null,
  needed bigint,
  until timestamp with time zone,
  book_version integer not null,
  who text not null,
  reason text,
  tx xid8 default pg_current_xact_id() not null,
  constraint status_snapshots_pkey PRIMARY KEY (customer_id, seq),
  constraint status_snapshots_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint status_snapshots_cause_check CHECK (cause = ANY (ARRAY['reached'::text, 'book'::text, 'returned'::text, 'notice'::text, 'kept'::text, 'lost'::text, 'set'::text, 'ended'::text, 'merged'::text])),
  constraint status_snapshots_check CHECK ((until IS NOT NULL) = (cause = ANY (ARRAY['notice'::text, 'set'::text]))),
  constraint status_snapshots_seq_check CHECK (seq > 0)
);
CREATE INDEX status_snapshots_by_tx ON status_snapshots USING btree (tx, customer_id);
CREATE TRIGGER status_snapshots_append_only BEFORE DELETE OR UPDATE ON status_snapshots FOR EACH ROW EXECUTE FUNCTION refuse_status_snapshot_change();
CREATE TRIGGER status_snapshots_no_truncate BEFORE TRUNCATE ON status_snapshots FOR EACH STATEMENT EXECUTE FUNCTION refuse_status_snapshot_change();

create table store_customers (
  store_id integer not null,
  customer_id bigint not null,
  last_seen_at timestamp with time zone not null,
  is_gone boolean default false not null,
  changed_tx xid8 default pg_current_xact_id() not null,
  programme_id integer not null,
  joined_register_id integer,
  joined_at timestamp with time zone,
  constraint store_customers_pkey PRIMARY KEY (store_id, customer_id),
  constraint store_customers_check CHECK ((joined_register_id IS NULL) = (joined_at IS NULL))
) with (fillfactor=90);
CREATE INDEX store_customers_by_tx ON store_customers USING btree (store_id, changed_tx, customer_id);
CREATE INDEX store_customers_joined ON store_customers USING btree (joined_register_id, joined_at) WHERE (joined_at IS NOT NULL);

create table stores (
  id integer generated always as identity not null,
  name text not null,
  created_at timestamp with time zone default now() not null,
  opens_at text,
  closes_at text,
  time_zone text,
  programme_id integer default the_only_programme() not null,
  constraint stores_pkey PRIMARY KEY (id),
  constraint stores_programme_id_id_key UNIQUE (programme_id, id),
  constraint stores_programme_id_name_key UNIQUE (programme_id, name),
  constraint stores_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint stores_check CHECK (num_nulls(opens_at, closes_at, time_zone) = ANY (ARRAY[0, 3])),
  constraint stores_closes_at_check CHECK (closes_at ~ '^(([01]\d|2[0-3]):[0-5]\d|24:00)$'::text),
  constraint stores_name_check CHECK (name <> ''::text),
  constraint stores_opens_at_check CHECK (opens_at ~ '^([01]\d|2[0-3]):[0-5]\d$'::text),
  constraint stores_time_zone_check CHECK (time_zone <> ''::text)
);
CREATE TRIGGER stores_stay BEFORE DELETE OR UPDATE OF id, programme_id OR TRUNCATE ON stores FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_named_keys();

create table trials (
  campaign_id integer,
  attempt integer default 1 not null,
  version integer not null,
  document jsonb not null,
  days integer not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  state text not null,
  purchases integer,
  judged integer default 0 not null,
  result jsonb,
  problem text,
  ended_at timestamp with time zone,
  id integer generated always as identity not null,
  programme_id integer not null,
  constraint trials_pkey PRIMARY KEY (id),
  constraint trials_campaign_id_key UNIQUE (campaign_id),
  constraint campaign_trials_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES campaigns(id),
  constraint trials_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint campaign_trials_attempt_check CHECK (attempt > 0),
  constraint campaign_trials_check CHECK ((ended_at IS NULL) = (state = ANY (ARRAY['waiting'::text, 'running'::text]))),
  constraint campaign_trials_check1 CHECK ((state = 'done'::text) = (result IS NOT NULL)),
  constraint campaign_trials_check2 CHECK ((state = 'failed'::text) = (problem IS NOT NULL)),
  constraint campaign_trials_days_check CHECK (days > 0),
  constraint campaign_trials_state_check CHECK (state = ANY (ARRAY['waiting'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))
);
CREATE UNIQUE INDEX trials_of_books ON trials USING btree (programme_id, asked_by) WHERE (campaign_id IS NULL);
CREATE INDEX trials_open ON trials USING btree (asked_at) WHERE (ended_at IS NULL);

create table voucher_batches (
  id integer generated always as identity not null,
  programme_id integer not null,
  terms json not null,
  audience json not null,
  salt bytea not null,
  created_at timestamp with time zone not null,
  created_by text not null,
  exported_at timestamp with time zone,
  exported_by text,
  voided_at timestamp with time zone,
  voided_by text,
  void_reason text,
  constraint voucher_batches_pkey PRIMARY KEY (id),
  constraint voucher_batches_programme_id_fkey FOREIGN KEY (programme_id) REFERENCES programmes(id),
  constraint voucher_batches_check CHECK (num_nulls(exported_at, exported_by) = ANY (ARRAY[0, 2])),
  constraint voucher_batches_check1 CHECK (num_nulls(voided_at, voided_by, void_reason) = ANY (ARRAY[0, 3]))
);

create table voucher_key (
  is_only boolean default true not null,
  fingerprint bytea not null,
  constraint voucher_key_pkey PRIMARY KEY (is_only),
  constraint voucher_key_is_only_check CHECK (is_only)
);

create table vouchers (
  id bigint generated always as identity not null,
  batch_id integer not null,
  serial integer not null,
  hash bytea not null,
  customer_id bigint,
  held integer default 0 not null,
  used integer default 0 not null,
  voided_at timestamp with time zone,
  constraint vouchers_pkey PRIMARY KEY (id),
  constraint vouchers_batch_id_serial_key UNIQUE (batch_id, serial),
  constraint vouchers_hash_key UNIQUE (hash),
  constraint vouchers_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES voucher_batches(id),
  constraint vouchers_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES customers(id),
  constraint vouchers_held_check CHECK (held >= 0),
  constraint vouchers_used_check CHECK (used >= 0)
) with (fillfactor=80);
CREATE INDEX vouchers_of_customer ON vouchers USING btree (customer_id) WHERE (customer_id IS NOT NULL);

create table welcomed (
  person_hash bytea not null,
  constraint welcomed_pkey PRIMARY KEY (person_hash)
);
