-- What became of the message of a campaign to each of its people; null: nobody has looked yet. The rows of the line itself do not
-- stay for ever.
alter table campaign_people add column message text check (message in (
  'queued', 'sent', 'no_consent', 'no_telegram', 'blocked', 'over_limit', 'no_gift', 'gone', 'ended', 'failed'));
alter table campaign_people add check (not is_held_out or message is null);
create index campaign_people_untold on campaign_people (
  campaign_id, (gift_points is null and refused is null), customer_id) where not is_held_out and message is null;
create index campaign_people_queued on campaign_people (customer_id) where message = 'queued';

alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check check (kind in (
  'earned', 'spent', 'refunded', 'welcome', 'expiring', 'status', 'merged', 'referral', 'campaign', 'campaign_test'));
-- What goes to many at once comes after what one of them has just done.
drop index notifications_due;
create index notifications_due on notifications ((kind in ('expiring', 'campaign')), due_at, customer_id)
  where state = 'waiting';
