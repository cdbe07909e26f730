-- What must never be: each query lists its violations, and an empty answer means a healthy ledger.
-- `-- name:` begins a query; every query returns customer_id (or null), reference and details.

-- name: balance_is_the_sum_of_entries
select c.id as customer_id, c.card as reference,
  jsonb_build_object('balance', c.balance, 'entries', coalesce(sum(e.points), 0)) as details
from customers c left join entries e on e.customer_id = c.id
group by c.id having c.balance <> coalesce(sum(e.points), 0);

-- name: balance_is_the_sum_of_lots
select c.id as customer_id, c.card as reference,
  jsonb_build_object('balance', c.balance, 'lots', coalesce(sum(l.remaining), 0)) as details
from customers c left join lots l on l.customer_id = c.id
group by c.id having c.balance <> coalesce(sum(l.remaining), 0);

-- name: lot_remaining_is_the_sum_of_its_entries
select l.customer_id, l.expires_at::text as reference,
  jsonb_build_object('active_from', l.active_from, 'remaining', l.remaining, 'entries', coalesce(sum(e.points), 0))
    as details
from lots l
left join entries e on e.customer_id = l.customer_id
  and e.lot_expires_at = l.expires_at and e.lot_active_from = l.active_from
group by l.customer_id, l.expires_at, l.active_from having l.remaining <> coalesce(sum(e.points), 0) or l.remaining < 0;

-- name: lot_expired_is_the_sum_of_its_write_offs
select l.customer_id, l.expires_at::text as reference,
  jsonb_build_object('active_from', l.active_from, 'expired', l.expired, 'entries', coalesce(sum(e.points), 0))
    as details
from lots l
left join entries e on e.customer_id = l.customer_id
  and e.lot_expires_at = l.expires_at and e.lot_active_from = l.active_from and e.kind = 'expire'
where not exists (
  select from entries o where o.customer_id = l.customer_id
    and o.lot_expires_at = l.expires_at and o.lot_active_from = l.active_from and o.kind = 'opening')
group by l.customer_id, l.expires_at, l.active_from
having l.expired <> -coalesce(sum(e.points), 0) + coalesce((
  select sum(forgivable * (part ->> 'forgivable')::bigint + expired * coalesce((part ->> 'expired')::bigint, 0))
  from (
    select kept_id as customer_id, parts, 1 as forgivable, 0 as expired from merges
    union all
    select undone_from, returned, -1, -1 from merges where undone_at is not null
    union all
    select given_id, returned, 0, 1 from merges where undone_at is not null) moved
  cross join json_array_elements(parts) part
  where moved.customer_id = l.customer_id and (part ->> 'expiresAt')::bigint = (extract(epoch from l.expires_at) * 1000)::bigint
    and (part ->> 'activeFrom')::bigint = (extract(epoch from l.active_from) * 1000)::bigint), 0);

-- name: debt_is_the_sum_of_entries
select c.id as customer_id, c.card as reference,
  jsonb_build_object('debt', c.debt, 'entries', coalesce(sum(e.debt), 0)) as details
from customers c left join entries e on e.customer_id = c.id
group by c.id having c.debt <> coalesce(sum(e.debt), 0);

-- name: entries_form_an_unbroken_chain
select customer_id, seq::text as reference,
  jsonb_build_object('before', balance_before, 'previous_after', previous_after) as details
from (
  select customer_id, seq, balance_before, balance_after,
    coalesce(lag(balance_after) over (partition by customer_id order by seq), 0) as previous_after
  from entries) chain
where balance_before <> previous_after;

-- name: last_entry_is_where_the_customer_stands
select c.id as customer_id, c.card as reference,
  jsonb_build_object('last_entry', c.last_entry, 'entries', e.seq, 'balance', c.balance, 'after', e.balance_after)
    as details
from customers c
join lateral (
  select seq, balance_after from entries where customer_id = c.id order by seq desc limit 1) e on true
where c.last_entry <> e.seq or c.balance <> e.balance_after;

-- name: hold_points_are_its_entries
select h.customer_id, h.id::text as reference,
  jsonb_build_object('state', h.state, 'points', h.points, 'taken', coalesce(sum(e.debt - e.points), 0)) as details
from holds h
join operations o on o.customer_id = h.customer_id and o.id = h.id
left join entries e on e.hold_id = h.id and e.kind in ('hold', 'return', 'spend')
left join (
  select coalesce(c.merged_into, c.id) as customer_id, max(at) as until
  from entries join customers c on c.id = customer_id where kind = 'opening' group by 1) folded
  on folded.customer_id = h.customer_id
where folded.until is null or folded.until < o.recorded_at
group by h.customer_id, h.id
having coalesce(sum(e.debt - e.points), 0) <> case when h.state in ('released', 'expired') then 0 else h.points end;

-- name: no_hold_is_resolved_twice
select h.customer_id, h.id::text as reference,
  jsonb_build_object('state', h.state, 'resolutions', count(*)) as details
from holds h
join operations o on o.customer_id = h.customer_id and o.reference_id = h.id
  and o.status = 'accepted' and o.kind in ('apply', 'release')
where not (
  h.state = 'applied'
  and exists (select from discrepancies d where d.kind = 'late_apply' and d.reference = h.id::text))
group by h.customer_id, h.id having count(*) > 1;

-- name: a_resolved_hold_names_what_resolved_it
select h.customer_id, h.id::text as reference,
  jsonb_build_object('state', h.state, 'kind', o.kind) as details
from holds h
left join operations o on o.customer_id = h.customer_id and o.id = h.resolved_by and o.status = 'accepted'
  and o.reference_id = h.id and o.kind = case h.state when 'applied' then 'apply' else 'release' end
where h.state in ('applied', 'released', 'expired') and o.id is null;

-- name: no_accepted_operation_without_its_entries
select o.customer_id, o.id::text as reference,
  jsonb_build_object('kind', o.kind, 'points', o.points, 'earned', o.earned, 'spent', o.spent,
    'moved', coalesce(sum(e.points), 0), 'debt', coalesce(sum(e.debt), 0)) as details
from operations o
left join entries e on e.customer_id = coalesce(o.posted_to, o.customer_id) and e.operation_id = o.id
left join (
  select customer_id, max(at) as until from entries where kind = 'opening' group by customer_id) folded
  on folded.customer_id = coalesce(o.posted_to, o.customer_id)
where o.status = 'accepted' and (folded.until is null or folded.until < o.recorded_at)
group by o.customer_id, o.id
having case o.kind
  when 'earn' then coalesce(sum(e.points) filter (where e.kind = 'earn'), 0) <> o.earned
  when 'apply' then coalesce(sum(e.points) filter (where e.kind = 'earn'), 0) <> o.earned
  when 'redeem' then coalesce(sum(e.points) filter (where e.kind = 'hold'), 0) <> -o.points
  when 'release' then coalesce(sum(e.points) filter (where e.kind = 'return'), 0) <> o.points
  when 'refund' then
    coalesce(sum(e.points - e.debt) filter (where e.kind = 'clawback'), 0) <> o.earned
    or coalesce(sum(e.points) filter (where e.kind = 'giveback'), 0) <> -o.spent
  when 'expire' then coalesce(sum(e.points) filter (where e.kind = 'expire'), 0) <> -o.points
  when 'merge' then coalesce(sum(e.points) filter (where e.kind = 'merge_in'), 0) <> o.points
  when 'unmerge' then coalesce(sum(e.points) filter (where e.kind = 'merge_in'), 0) <> o.points
  else coalesce(sum(e.points - e.debt) filter (where e.kind = o.kind), 0) <> o.points
end;

-- name: awards_are_the_entries_of_their_operation
with folded as (
  select customer_id, max(at) as until from entries where kind = 'opening' group by customer_id
), promised as (
  select coalesce(o.posted_to, o.customer_id) as customer_id, o.id, award ->> 'ruleId' as rule_id, (award ->> 'activeFrom')::bigint as active_from,
    (award ->> 'expiresAt')::bigint as expires_at, sum((award ->> 'points')::bigint) as points
  from operations o
  left join folded on folded.customer_id = coalesce(o.posted_to, o.customer_id)
  cross join json_array_elements(o.quote -> 'awards') award
  where o.status = 'accepted' and o.kind in ('earn', 'apply')
    and (folded.until is null or folded.until < o.recorded_at)
  group by 1, o.id, 3, 4, 5
), posted as (
  select customer_id, operation_id as id, rule_id, (extract(epoch from lot_active_from) * 1000)::bigint as active_from,
    (extract(epoch from lot_expires_at) * 1000)::bigint as expires_at, sum(points) as points
  from entries where kind = 'earn' group by 1, 2, 3, 4, 5
)
select coalesce(promised.customer_id, posted.customer_id) as customer_id, coalesce(promised.id, posted.id)::text as reference,
  jsonb_build_object('rule', coalesce(promised.rule_id, posted.rule_id), 'promised', promised.points,
    'posted', posted.points) as details
from promised full join posted
  on (promised.customer_id, promised.id, promised.active_from, promised.expires_at)
    = (posted.customer_id, posted.id, posted.active_from, posted.expires_at)
  and promised.rule_id is not distinct from posted.rule_id
where promised.points is distinct from posted.points;

-- name: purchases_are_those_that_stand
with returned as (
  select customer_id, reference_id, sum(refund_kopecks) as kopecks from operations
  where kind = 'refund' and status = 'accepted' and reference_id is not null
  group by 1, 2
), standing as (
  select o.customer_id, count(*) as purchases
  from operations o
  left join holds h on h.customer_id = o.customer_id and h.id = o.id
  left join returned r on r.customer_id = o.customer_id and r.reference_id = o.id
  where o.kind in ('earn', 'redeem') and o.status = 'accepted'
    and (h.id is null or h.state not in ('released', 'expired'))
    and o.purchase_kopecks - coalesce(100 * h.points + h.voucher_kopecks, 0) is distinct from r.kopecks
  group by 1
)
select c.id as customer_id, c.card as reference,
  jsonb_build_object('counted', c.purchases, 'standing', coalesce(s.purchases, 0)) as details
from customers c left join standing s on s.customer_id = c.id
where c.purchases <> coalesce(s.purchases, 0);

-- name: uses_are_the_awards_that_stand
with standing as (
  select customer_id, period, award ->> 'ruleId' as rule_id, count(*) as uses
  from standing_purchases()
  cross join json_array_elements(quote -> 'awards') award
  cross join json_array_elements_text(award -> 'countedIn') period
  where award_deserved(award, paid, kept) > 0
  group by 1, 2, 3
)
select customer_id, rule_id || ' ' || period as reference,
  jsonb_build_object('counted', u.uses, 'standing', s.uses) as details
from rule_uses u full join standing s using (customer_id, period, rule_id)
left join customers c on c.id = customer_id
left join programmes p on p.id = c.programme_id
where coalesce(u.uses, 0) <> coalesce(s.uses, 0) and (period = 'total' or period >= coalesce(p.counts_kept_from, ''));

-- name: budgets_have_given_what_stands
with standing as (
  select programme_id, award -> 'drawnFrom' ->> 'budgetId' as budget_id, award -> 'drawnFrom' ->> 'period' as period,
    (award -> 'drawnFrom' ->> 'storeId')::int as store_id, sum(award_deserved(award, paid, kept)) as points
  from standing_purchases()
  cross join json_array_elements(quote -> 'awards') award
  where award -> 'drawnFrom' is not null
  group by 1, 2, 3, 4
)
select null::bigint as customer_id, coalesce(b.budget_id, s.budget_id) || ' ' || coalesce(b.period, s.period) as reference,
  jsonb_build_object('programme', coalesce(b.programme_id, s.programme_id), 'store', coalesce(b.store_id, s.store_id),
    'spent', b.spent, 'standing', s.points) as details
from budget_spending b full join standing s
  on (b.programme_id, b.budget_id, b.period) = (s.programme_id, s.budget_id, s.period)
  and coalesce(b.store_id, 0) = coalesce(s.store_id, 0)
where coalesce(b.spent, 0) <> coalesce(s.points, 0);

-- name: days_have_earned_what_stands
with standing as (
  select customer_id, quote -> 'counted' ->> 'day' as day,
    sum((select coalesce(sum(award_deserved(award, paid, kept)), 0) from json_array_elements(quote -> 'awards') award))
      as points,
    count(*) filter (where not is_returned) as purchases
  from standing_purchases()
  where quote -> 'counted' is not null
  group by 1, 2
)
select customer_id, day as reference,
  jsonb_build_object('points', d.points, 'purchases', d.purchases, 'standing_points', s.points,
    'standing_purchases', s.purchases) as details
from customer_days d full join standing s using (customer_id, day)
left join customers c on c.id = customer_id
left join programmes p on p.id = c.programme_id
where (coalesce(d.points, 0), coalesce(d.purchases, 0)) <> (coalesce(s.points, 0), coalesce(s.purchases, 0))
  and day >= coalesce(p.counts_kept_from, '');

-- name: statuses_form_an_unbroken_chain
select customer_id, seq::text as reference,
  jsonb_build_object('before', before, 'previous_after', previous_after, 'at', at, 'previous_at', previous_at) as details
from (
  select customer_id, seq, before, at, lag(seq) over mine as previous_seq, lag(after) over mine as previous_after,
    lag(at) over mine as previous_at
  from status_snapshots window mine as (partition by customer_id order by seq)) chain
where seq <> coalesce(previous_seq, 0) + 1
  or (previous_seq is not null and (before is distinct from previous_after or at < previous_at));

-- name: purchases_are_judged_by_a_status_that_they_had
select o.customer_id, o.id::text as reference,
  jsonb_build_object('status', o.quote -> 'facts' ->> 'status', 'at', o.at) as details
from operations o
join rule_books b on b.programme_id = o.programme_id and b.version = (o.quote ->> 'version')::int
where o.kind in ('earn', 'redeem') and o.status = 'accepted' and o.quote -> 'facts' ->> 'status' is not null
  and not coalesce(
    b.document -> 'statuses' -> 0 ->> 'name' = o.quote -> 'facts' ->> 'status'
      and (b.document -> 'statuses' -> 0 ->> 'from')::bigint = 0, false)
  and not exists (
    select from status_snapshots s
    where s.customer_id = coalesce(o.posted_to, o.customer_id) and s.at <= o.at and s.after = o.quote -> 'facts' ->> 'status');

-- name: referrals_have_moved_what_they_say
with sides as (
  select referee_id, side.* from referrals
  cross join lateral (values
    (referrer_points, referrer_gift, referrer_taking), (referee_points, referee_gift, referee_taking)) side (points, gift, taking)
)
select sides.referee_id as customer_id, coalesce(sides.taking, sides.gift)::text as reference,
  jsonb_build_object('points', sides.points, 'given', gift.points, 'taken', taking.points) as details
from sides
left join operations gift on gift.id = sides.gift and gift.kind = 'bonus' and gift.status = 'accepted'
left join operations taking on taking.id = sides.taking and taking.kind = 'adjust' and taking.status = 'accepted'
where gift.points is distinct from nullif(sides.points, 0)
  or (sides.taking is not null and (taking.id is null or -taking.points > sides.points));

-- name: points_of_referrals_have_their_referral
select o.customer_id, o.id::text as reference, jsonb_build_object('kind', o.kind, 'points', o.points) as details
from operations o
left join (
  select unnest(array[referrer_gift, referee_gift, referrer_taking, referee_taking]) as id from referrals) known
  on known.id = o.id
where o.author = 'system:referrals' and o.status = 'accepted' and known.id is null;

-- name: referrals_are_rewarded_for_a_purchase_of_the_friend
select r.referee_id as customer_id, r.purchase_id::text as reference,
  jsonb_build_object('invited_at', r.invited_at, 'purchase_at', r.purchase_at, 'at', o.at, 'customer', o.customer_id) as details
from referrals r
join customers c on c.id = r.referee_id
left join operations o on o.id = r.purchase_id and o.status = 'accepted' and o.kind in ('earn', 'redeem')
where r.rewarded_at is not null
  and (o.id is null or o.at < r.invited_at or o.customer_id <> coalesce(c.merged_into, c.id))
  -- Who was parted from the friend after it may have taken the purchase along.
  and not exists (
    select from merges
    where undone_at >= r.rewarded_at and (given_id = c.id or undone_from in (c.id, c.merged_into)));

-- name: the_parts_of_a_hold_are_what_is_out
select h.customer_id, h.id::text as reference,
  jsonb_build_object('parts', h.parts, 'out', coalesce(-sum(e.points), 0)) as details
from holds h
join operations o on o.customer_id = h.customer_id and o.id = h.id
left join entries e on e.hold_id = h.id
left join (
  select coalesce(c.merged_into, c.id) as customer_id, max(at) as until
  from entries join customers c on c.id = customer_id where kind = 'opening' group by 1) folded
  on folded.customer_id = h.customer_id
where folded.until is null or folded.until < o.recorded_at
group by h.customer_id, h.id
having coalesce(-sum(e.points), 0)
  <> coalesce((select sum((part ->> 'points')::bigint) from json_array_elements(h.parts) part), 0);

-- name: an_apply_earns_what_its_redemption_promised
select a.customer_id, a.id::text as reference, jsonb_build_object('promised', r.quote, 'applied', a.quote) as details
from operations a
join operations r on r.customer_id = a.customer_id and r.id = a.reference_id
where a.kind = 'apply' and a.status = 'accepted' and r.quote is not null and r.quote::jsonb <> a.quote::jsonb;

-- name: a_refused_operation_moved_nothing
select o.customer_id, o.id::text as reference, jsonb_build_object('kind', o.kind) as details
from operations o
where o.status = 'refused'
  and exists (
    select from entries e where e.customer_id = coalesce(o.posted_to, o.customer_id) and e.operation_id = o.id);

-- name: nobody_owes_points_while_having_some
select c.id as customer_id, c.card as reference,
  jsonb_build_object('debt', c.debt, 'live', sum(l.remaining)) as details
from customers c
join lots l on l.customer_id = c.id and l.filled and l.expires_at > now()
where c.debt > 0
group by c.id;

-- name: no_more_is_refunded_than_was_paid
select o.customer_id, o.id::text as reference,
  jsonb_build_object('paid', o.purchase_kopecks - coalesce(h.points * 100 + h.voucher_kopecks, 0), 'refunded', sum(r.refund_kopecks),
    'spent', coalesce(h.points, 0), 'given_back', -sum(r.spent)) as details
from operations o
join operations r on r.customer_id = o.customer_id and r.reference_id = o.id
  and r.kind = 'refund' and r.status = 'accepted'
left join holds h on h.customer_id = o.customer_id and h.id = o.id
group by o.customer_id, o.id, h.points, h.voucher_kopecks
having sum(r.refund_kopecks) > o.purchase_kopecks - coalesce(h.points * 100 + h.voucher_kopecks, 0)
  or -sum(r.spent) > coalesce(h.points, 0);

-- name: vouchers_are_held_and_used_as_holds_say
with standing as (
  select voucher_id as id, count(*) filter (where state in ('pending', 'processing', 'in_doubt')) as held,
    count(*) filter (where state = 'applied' and voucher_returned_by is null) as used
  from holds where voucher_id is not null group by 1
)
select null::bigint as customer_id, coalesce(v.id, s.id)::text as reference,
  jsonb_build_object('held', v.held, 'used', v.used, 'standing_held', s.held, 'standing_used', s.used) as details
from vouchers v full join standing s using (id)
where v.id is null or (v.held, v.used) <> (coalesce(s.held, 0), coalesce(s.used, 0));

-- name: a_voucher_is_used_no_more_often_than_it_may
with late as (
  select h.voucher_id as id, count(*) as uses
  from discrepancies d join holds h on h.id::text = d.reference
  where d.kind = 'late_apply' and h.voucher_id is not null
  group by 1
)
select null::bigint as customer_id, v.id::text as reference,
  jsonb_build_object('batch', v.batch_id, 'held', v.held, 'used', v.used, 'may', b.terms -> 'uses_per_code') as details
from vouchers v
join voucher_batches b on b.id = v.batch_id
left join late on late.id = v.id
where v.held + v.used > coalesce((b.terms ->> 'uses_per_code')::int, 1) + coalesce(late.uses, 0);

-- name: a_hold_takes_off_what_its_quote_says
select h.customer_id, h.id::text as reference,
  jsonb_build_object('points', h.points, 'voucher_kopecks', h.voucher_kopecks, 'quote', o.quote -> 'discount') as details
from holds h
join operations o on o.customer_id = h.customer_id and o.id = h.id
where o.quote is not null
  and ((o.quote -> 'discount' ->> 'voucherKopecks')::int <> h.voucher_kopecks
    or (o.quote -> 'discount' ->> 'points')::bigint <> h.points
    or (h.voucher_id is null and h.voucher_kopecks <> 0));

-- name: an_operation_is_settled_by_its_own_store
select s.customer_id, s.id::text as reference,
  jsonb_build_object('kind', s.kind, 'store', s.store_id, 'original', o.id, 'its_store', o.store_id) as details
from operations s
join operations o on o.customer_id = s.customer_id and o.id = s.reference_id
where s.status = 'accepted' and s.store_id <> o.store_id
  -- Goods may come back in another store since somebody has said so.
  and not (s.kind = 'refund' and (
    (select settings ->> 'returns_of' from programmes p where p.id = s.programme_id) = 'programme'
    or exists (
      select from audit_log
      where action = 'settings set' and after ->> 'returns_of' = 'programme' and at <= s.recorded_at)));

-- name: nothing_names_an_erased_customer
select c.id as customer_id, c.card as reference,
  jsonb_build_object('name', c.first_name is not null, 'telegram', p.customer_id is not null,
    'consent', s.customer_id is not null) as details
from customers c
left join people p on p.customer_id = c.id
left join consents s on s.customer_id = c.id and s.withdrawn_at is null
where c.status = 'erased' and (c.first_name is not null or p.customer_id is not null or s.customer_id is not null);

-- name: who_agreed_to_advertising_takes_part
select a.customer_id, a.id::text as reference, jsonb_build_object('channel', a.channel, 'given_at', a.given_at) as details
from consents a
where a.purpose = 'advertising' and a.withdrawn_at is null
  and not exists (
    select from consents p
    where p.customer_id = a.customer_id and p.purpose = 'programme' and p.withdrawn_at is null);

-- name: no_row_ties_two_programmes_together
with tied as (
  select 'operation' as what, o.id::text as reference, o.customer_id, o.programme_id, o.store_id, o.register_id
  from operations o
  union all
  select 'hold', h.id::text, h.customer_id, h.programme_id, h.store_id, h.register_id from holds h
  union all
  select 'visit', v.store_id || ' ' || v.customer_id, v.customer_id, v.programme_id, v.store_id, v.joined_register_id
  from store_customers v
  union all
  select 'items', i.operation_id::text, o.customer_id, i.programme_id, o.store_id, null
  from operation_items i join operations o on o.id = i.operation_id
  union all
  select 'home store', f.customer_id::text, f.customer_id, null, f.home_store_id, null
  from customer_facts f where f.home_store_id is not null
  union all
  select 'discrepancy', d.id::text, d.customer_id, null, null, (d.details ->> 'registerId')::int
  from discrepancies d where d.details ? 'registerId'
  union all
  select 'pairing code', p.expires_at::text, null, null, p.store_id, p.register_id from pairing_codes p
  union all
  select 'voucher', v.id::text, v.customer_id, b.programme_id, null, null
  from vouchers v join voucher_batches b on b.id = v.batch_id where v.customer_id is not null
  union all
  select 'held voucher', h.id::text, h.customer_id, b.programme_id, h.store_id, h.register_id
  from holds h join vouchers v on v.id = h.voucher_id join voucher_batches b on b.id = v.batch_id
)
select tied.customer_id, tied.what || ' ' || tied.reference as reference,
  jsonb_build_object('programme', tied.programme_id, 'of_customer', c.programme_id, 'of_store', s.programme_id,
    'of_register', b.programme_id) as details
from tied
left join customers c on c.id = tied.customer_id
left join stores s on s.id = tied.store_id
left join (registers r join stores b on b.id = r.store_id) on r.id = tied.register_id
where greatest(tied.programme_id, c.programme_id, s.programme_id, b.programme_id)
  <> least(tied.programme_id, c.programme_id, s.programme_id, b.programme_id);

-- name: an_entry_names_an_operation_and_a_lot_that_are_there
select e.customer_id, e.seq::text as reference,
  jsonb_build_object('operation', e.operation_id, 'lot', e.lot_expires_at, 'active_from', e.lot_active_from) as details
from entries e
left join operations o on o.id = e.operation_id
left join lots l on l.customer_id = e.customer_id
  and l.expires_at = e.lot_expires_at and l.active_from = e.lot_active_from
where (e.operation_id is not null and o.id is null) or (e.lot_expires_at is not null and l.customer_id is null);

-- name: an_entry_does_what_its_operation_may
select e.customer_id, e.seq::text as reference,
  jsonb_build_object('kind', e.kind, 'of', o.kind, 'points', e.points, 'debt', e.debt, 'lot', e.lot_expires_at) as details
from entries e
join operations o on o.id = e.operation_id
where case e.kind
  -- Before anything else dead points are written off, and at the end a debt is paid.
  when 'expire' then e.points >= 0 or e.debt <> 0
  when 'debt_payment' then e.points >= 0 or e.debt <> e.points
  when 'hold' then o.kind <> 'redeem'
  when 'spend' then o.kind <> 'apply'
  when 'earn' then o.kind not in ('earn', 'apply')
  when 'return' then o.kind <> 'release'
  when 'giveback' then o.kind <> 'refund'
  when 'clawback' then o.kind <> 'refund'
  when 'merge_out' then o.kind not in ('merge', 'unmerge')
  when 'merge_in' then o.kind not in ('merge', 'unmerge')
  else e.kind <> o.kind
end;

-- name: openings_come_before_what_is_kept
select e.customer_id, e.seq::text as reference, jsonb_build_object('points', e.points, 'debt', e.debt, 'kept_from', kept.seq) as details
from entries e
join (select customer_id, min(seq) as seq from entries where kind <> 'opening' group by 1) kept
  on kept.customer_id = e.customer_id
where e.kind = 'opening' and e.seq > kept.seq;

-- name: an_award_is_what_its_terms_give
select o.customer_id, o.id::text as reference,
  jsonb_build_object('rule', award ->> 'ruleId', 'points', award -> 'points', 'terms_give', award_deserved(award, paid, paid),
    'paid', paid) as details
from operations o
cross join lateral (select (o.quote ->> 'paidKopecks')::numeric as paid) money
cross join json_array_elements(o.quote -> 'awards') award
where o.kind in ('earn', 'redeem') and o.status = 'accepted'
  and (award ->> 'points')::bigint <> award_deserved(award, paid, paid);

-- name: a_purchase_is_paid_by_what_no_discount_took
select o.customer_id, o.id::text as reference,
  jsonb_build_object('purchase', o.purchase_kopecks, 'discount', coalesce(100 * h.points + h.voucher_kopecks, 0),
    'paid', o.quote -> 'paidKopecks') as details
from operations o
left join holds h on h.customer_id = o.customer_id and h.id = o.id
where o.kind in ('earn', 'redeem') and o.status = 'accepted' and o.quote is not null
  and (o.quote ->> 'paidKopecks')::bigint <> o.purchase_kopecks - coalesce(100 * h.points + h.voucher_kopecks, 0);

-- name: items_add_up_to_their_purchase
select o.customer_id, i.operation_id::text as reference,
  jsonb_build_object('purchase', o.purchase_kopecks, 'items', total.kopecks) as details
from operation_items i
join operations o on o.id = i.operation_id
cross join lateral (
  select sum((item ->> 'kopecks')::bigint) as kopecks from json_array_elements(i.items) item) total
where total.kopecks is distinct from o.purchase_kopecks;

-- name: an_operation_has_its_entries_where_it_says
select e.customer_id, o.id::text as reference,
  jsonb_build_object('kind', o.kind, 'of', o.customer_id, 'posted_to', o.posted_to, 'entry', e.seq) as details
from entries e
join operations o on o.id = e.operation_id
where e.customer_id <> coalesce(o.posted_to, o.customer_id)
  and not exists (
    select from merges m
    where (m.operation_id = o.id and m.given_id = e.customer_id)
      or (m.undone_by = o.id and m.undone_from = e.customer_id));

-- name: a_merge_moves_what_its_customer_had
select m.kept_id as customer_id, m.operation_id::text as reference,
  jsonb_build_object('given', m.given_id, 'out', sum(e.points) filter (where e.kind = 'merge_out'),
    'in', sum(e.points) filter (where e.kind = 'merge_in'), 'debt', m.debt) as details
from merges m
left join entries e on e.operation_id = m.operation_id
where not exists (
  select from entries f where f.kind = 'opening' and f.customer_id in (m.kept_id, m.given_id) and f.at >= m.at)
group by m.operation_id
having coalesce(sum(e.points) filter (where e.kind in ('merge_out', 'merge_in')), 0) <> 0
  or coalesce(sum(e.debt) filter (where e.kind in ('merge_out', 'merge_in')), 0) <> 0
  or coalesce(sum(e.points) filter (where e.kind = 'merge_in'), 0)
    <> (select coalesce(sum((part ->> 'points')::bigint), 0) from json_array_elements(m.parts) part)
  or coalesce(sum(e.debt) filter (where e.kind = 'merge_in'), 0) <> m.debt;

-- name: who_was_merged_into_another_has_nothing_left
select c.id as customer_id, c.card as reference,
  jsonb_build_object('into', c.merged_into, 'balance', c.balance, 'debt', c.debt, 'purchases', c.purchases) as details
from customers c join customers kept on kept.id = c.merged_into
where c.balance <> 0 or c.debt <> 0 or c.purchases <> 0
  or kept.merged_into is not null or kept.programme_id <> c.programme_id
  or exists (select from operations o where o.customer_id = c.id)
  or exists (select from holds h where h.customer_id = c.id)
  or exists (select from rule_uses u where u.customer_id = c.id)
  or exists (select from customer_days d where d.customer_id = c.id)
  or not exists (select from merges m where m.given_id = c.id and m.undone_at is null);

-- name: what_rows_without_foreign_keys_name_is_there
with named as (
  select 'entry' as what, customer_id, null::int as store_id, null::int as register_id from entries
  union all
  select 'lot', customer_id, null, null from lots
  union all
  select 'operation', customer_id, store_id, null from operations
  union all
  select 'hold', customer_id, store_id, null from holds
  union all
  select 'visit', customer_id, store_id, joined_register_id from store_customers
  union all
  select 'day', customer_id, null, null from customer_days
  union all
  select 'use', customer_id, null, null from rule_uses
  union all
  select 'message', customer_id, null, null from notifications
  union all
  select 'facts', customer_id, null, null from customer_facts
  union all
  select 'month', customer_id, null, null from customer_months
)
select named.customer_id,
  concat_ws(' ', what, 'customer ' || named.customer_id, 'store ' || named.store_id, 'register ' || named.register_id) as reference,
  jsonb_build_object('rows', count(*), 'missing', concat_ws(' ',
    case when c.id is null then 'customer' end,
    case when named.store_id is not null and s.id is null then 'store' end,
    case when named.register_id is not null and r.id is null then 'register' end)) as details
from named
left join customers c on c.id = named.customer_id
left join stores s on s.id = named.store_id
left join registers r on r.id = named.register_id
where c.id is null or (named.store_id is not null and s.id is null) or (named.register_id is not null and r.id is null)
group by what, named.customer_id, named.store_id, named.register_id, c.id, s.id, r.id
union all
select o.customer_id, concat('items operation ', i.operation_id, ' programme ', i.programme_id),
  jsonb_build_object('rows', 1, 'missing', concat_ws(' ',
    case when o.id is null then 'operation' end, case when p.id is null then 'programme' end))
from operation_items i
left join operations o on o.id = i.operation_id
left join programmes p on p.id = i.programme_id
where o.id is null or p.id is null;

-- name: a_hold_is_of_a_redemption
select h.customer_id, h.id::text as reference, jsonb_build_object('state', h.state, 'kind', o.kind) as details
from holds h
left join operations o on o.customer_id = h.customer_id and o.id = h.id
  and o.kind = 'redeem' and o.status = 'accepted'
where o.id is null;

-- name: the_log_of_changes_is_an_unbroken_chain
select null::bigint as customer_id, id::text as reference,
  jsonb_build_object('at', at, 'who', who, 'action', action, 'subject', subject) as details
from (
  select audit_log.*, hash <> audit_log_hash(coalesce(lag(hash) over (order by id), ''), audit_log) as is_broken
  from audit_log) chain
where is_broken;

-- name: the_log_of_changes_has_what_earlier_audits_saw
select null::bigint as customer_id, head.id::text as reference,
  jsonb_build_object('noted_at', noted_at, 'then', encode(head.hash, 'hex'), 'now', encode(change.hash, 'hex')) as details
from audit_log_heads head left join audit_log change on change.id = head.id
where change.hash is distinct from head.hash;

-- name: what_two_people_decide_has_their_approvals
select null::bigint as customer_id, 'proposal ' || p.id as reference,
  jsonb_build_object('needs', p.needs, 'approvals', count(a.account)) as details
from proposals p left join proposal_approvals a on a.proposal_id = p.id and a.account <> p.proposed_by
where p.state = 'done' and not p.is_break_glass
group by p.id having count(a.account) < cardinality(p.needs);

-- name: who_is_forgotten_is_in_no_segment
select s.customer_id, null as reference, jsonb_build_object('names', s.names) as details
from customer_segments s left join customers c on c.id = s.customer_id
where c.status is null or c.status = 'erased';

-- name: a_gift_of_a_campaign_was_given_once
select p.customer_id, coalesce(p.gift_id::text, o.id::text) as reference,
  jsonb_build_object('campaign', p.campaign_id, 'noted', p.gift_points, 'given', o.points) as details
from campaign_people p
full join (select * from operations where kind = 'bonus' and author = 'system:campaigns' and status = 'accepted') o on o.id = p.gift_id
where (p.gift_points is not null or o.id is not null) and p.gift_points is distinct from o.points;

-- name: a_message_of_a_campaign_is_of_its_people
select p.customer_id, p.campaign_id::text as reference, jsonb_build_object('noted', p.message, 'line', null) as details
from campaign_people p
where p.message = 'queued' and not exists (
  select from notifications n
  where n.customer_id = p.customer_id and n.kind = 'campaign' and n.reference = p.campaign_id::text and n.state = 'waiting')
union all
select n.customer_id, n.reference, jsonb_build_object('noted', p.message, 'line', n.state) as details
from notifications n
left join campaign_people p on p.customer_id = n.customer_id and p.campaign_id = n.reference::int
where n.kind = 'campaign' and (p.message is null or p.is_held_out);
