-- Whoever is given a voucher is told of it, unless they do not want to hear.
alter table people add column notify_vouchers boolean not null default true;
alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check check (kind in (
  'earned', 'spent', 'refunded', 'welcome', 'expiring', 'status', 'merged', 'referral', 'campaign', 'campaign_test',
  'voucher'));
drop index notifications_due;
create index notifications_due on notifications (
  (kind in ('expiring', 'campaign', 'voucher')), due_at, customer_id) where state = 'waiting';
