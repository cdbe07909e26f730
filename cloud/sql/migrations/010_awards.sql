-- Rule books: what judges points, in versions. A sale is judged by the book of its own time, so none is ever changed.
create table rule_books (
  version int primary key check (version > 0),
  valid_from timestamptz not null,
  document jsonb not null,
  -- SHA-256 of the document as text: what was approved is what was published.
  hash bytea not null,
  published_at timestamptz not null,
  published_by text not null,
  reason text not null
);
create index rule_books_in_order on rule_books (valid_from, version);

create function refuse_to_change_books() returns trigger language plpgsql as $$
begin
  raise exception 'rule books are append-only: % refused', tg_op using errcode = 'restrict_violation';
end $$;
create trigger rule_books_append_only before update or delete on rule_books
  for each row execute function refuse_to_change_books();
create trigger rule_books_no_truncate before truncate on rule_books
  for each statement execute function refuse_to_change_books();

-- The first book says what the settings said; they keep the rest.
create temp table judging_keys on commit drop as
  select unnest(array['cashback_basis_points', 'max_discount_basis_points', 'lifetime_days', 'min_purchase_kopecks',
    'max_purchase_kopecks']) as key;
insert into rule_books (version, valid_from, document, hash, published_at, published_by, reason)
select 1, 'epoch', document, sha256(convert_to(document::text, 'UTF8')), now(), 'system:migration',
  'the settings of before rule books'
from (
  select jsonb_build_object('base', coalesce((
    select jsonb_object_agg(setting.key, setting.value) from jsonb_each(settings) setting join judging_keys using (key)
  ), '{}')) as document
  from programme) first_book;
update programme set settings = settings - (select array_agg(key) from judging_keys);

-- A lot is all points of a customer that become active and die at the same instants. Those of one expiry become one.
create temp table lots_of_before on commit drop as
  select customer_id, id, expires_at, points, remaining, expired,
    min(date_trunc('day', earned_at, 'UTC')) over (partition by customer_id, expires_at) as active_from
  from lots;
create unique index on lots_of_before (customer_id, id);
analyze lots_of_before;

-- What a purchase was judged to earn, and on what terms; its apply posts it, its refunds take it back.
alter table operations add column quote json;

create function pg_temp.quote_of(paid bigint, spent bigint, points bigint, basis_points int,
  active_from timestamptz, expires_at timestamptz) returns json language sql as $$
  select json_build_object('version', 1,
    'discount', json_build_object('points', spent, 'voucherKopecks', 0),
    'paidKopecks', paid,
    'awards', case when points > 0 then json_build_array(json_build_object(
      'ruleId', null, 'points', points, 'basisPoints', basis_points, 'minPaidKopecks', 0, 'capPoints', null,
      'activeFrom', (extract(epoch from active_from) * 1000)::bigint,
      'expiresAt', (extract(epoch from expires_at) * 1000)::bigint)) else json_build_array() end,
    'skipped', json_build_array())
$$;

update operations set quote = pg_temp.quote_of(
  operations.purchase_kopecks - 100 * operations.spent, operations.spent, operations.earned,
  operations.cashback_basis_points, lot.active_from, lot.expires_at)
from lots_of_before lot
where operations.kind in ('earn', 'apply') and operations.status = 'accepted'
  and lot.customer_id = operations.customer_id and lot.id = operations.id;
update operations set quote = pg_temp.quote_of(
  operations.purchase_kopecks - 100 * operations.spent, operations.spent, 0, null, null, null)
where kind in ('earn', 'apply') and status = 'accepted' and quote is null;

-- A discount that 1C may still prove to have taken is promised what the first book says.
update operations set quote = pg_temp.quote_of(
  operations.purchase_kopecks - 100 * holds.points, holds.points,
  floor(((operations.purchase_kopecks - 100 * holds.points)::bigint * base.cashback + 500000) / 1000000)::bigint,
  base.cashback, date_trunc('day', operations.at, 'UTC'),
  date_trunc('day', operations.at, 'UTC') + make_interval(days => base.lifetime))
from holds, (
  select coalesce((document -> 'base' ->> 'cashback_basis_points')::int, 400) as cashback,
    coalesce((document -> 'base' ->> 'lifetime_days')::int, 45) as lifetime
  from rule_books) base
where holds.customer_id = operations.customer_id and holds.id = operations.id and holds.state <> 'applied';

-- What refunds did without, because it had expired unspent: it must not be forgiven again.
create temp table forgiven_before on commit drop as
  select lot.customer_id, lot.active_from, lot.expires_at, sum(
    earning.earned - floor(((earning.quote ->> 'paidKopecks')::bigint - refunds.kopecks)::numeric
      * earning.cashback_basis_points / 1000000 + 0.5) + refunds.moved)::bigint as points
  from operations earning
  join lots_of_before lot on lot.customer_id = earning.customer_id and lot.id = earning.id
  cross join lateral (
    select sum(refund_kopecks) as kopecks, sum(earned) as moved from operations refund
    where refund.customer_id = earning.customer_id and refund.kind = 'refund' and refund.status = 'accepted'
      and refund.reference_id = case earning.kind when 'apply' then earning.reference_id else earning.id end) refunds
  where earning.kind in ('earn', 'apply') and earning.status = 'accepted' and refunds.kopecks is not null
  group by lot.customer_id, lot.active_from, lot.expires_at;

drop function pg_temp.quote_of;
alter table operations drop column cashback_basis_points;

alter table entries disable trigger entries_append_only;
alter table entries
  drop constraint entries_customer_id_lot_id_fkey,
  add column lot_active_from timestamptz,
  add column lot_expires_at timestamptz,
  add column rule_id text;
update entries set lot_active_from = lot.active_from, lot_expires_at = lot.expires_at
from lots_of_before lot
where lot.customer_id = entries.customer_id and lot.id = entries.lot_id;

-- What is out of each lot for a hold stands with the hold, in the order it was taken.
alter table holds
  add column voucher_kopecks int not null default 0 check (voucher_kopecks >= 0),
  add column parts json not null default '[]';
update holds set parts = part.parts
from (
  select customer_id, hold_id, json_agg(json_build_object(
      'activeFrom', (extract(epoch from lot_active_from) * 1000)::bigint,
      'expiresAt', (extract(epoch from lot_expires_at) * 1000)::bigint,
      'points', points) order by taken_at) as parts
  from (
    select customer_id, hold_id, lot_active_from, lot_expires_at, -sum(points) as points,
      max(seq) filter (where points < 0) as taken_at
    from entries where hold_id is not null and lot_id is not null
    group by customer_id, hold_id, lot_active_from, lot_expires_at having sum(points) < 0) lots
  group by customer_id, hold_id) part
where part.customer_id = holds.customer_id and part.hold_id = holds.id;
alter table holds alter column parts drop default, alter column voucher_kopecks drop default;

-- With the column goes the check that named it; both come back for the new name of a lot.
alter table entries
  drop column lot_id,
  add check (points = 0 or lot_expires_at is not null),
  add check ((lot_expires_at is null) = (lot_active_from is null)),
  add check (rule_id is null or kind = 'earn');
alter table entries enable trigger entries_append_only;

drop table lots;
create table lots (
  customer_id bigint not null references customers,
  active_from timestamptz not null,
  expires_at timestamptz not null,
  -- Everything that was ever credited to it.
  points bigint not null check (points > 0),
  remaining bigint not null check (remaining >= 0),
  expired bigint not null check (expired >= 0),
  -- Of those that expired, the ones a refund did without.
  forgiven bigint not null check (forgiven >= 0),
  primary key (customer_id, expires_at, active_from),
  check (active_from < expires_at),
  check (remaining + expired <= points),
  check (forgiven <= expired)
);
insert into lots
select lot.customer_id, lot.active_from, lot.expires_at, sum(lot.points), sum(lot.remaining), sum(lot.expired),
  least(greatest(coalesce(max(forgiven.points), 0), 0), sum(lot.expired))
from lots_of_before lot
left join forgiven_before forgiven using (customer_id, active_from, expires_at)
group by lot.customer_id, lot.active_from, lot.expires_at;
-- The nightly job walks the first; the ledger asks the second for points that died and are not written off yet.
create index lots_to_expire on lots (expires_at, customer_id) where remaining > 0;
create index lots_filled on lots (customer_id, expires_at) where remaining > 0;
grant select on lots to kopilka_retention;
alter table entries add foreign key (customer_id, lot_expires_at, lot_active_from)
  references lots (customer_id, expires_at, active_from);
