-- What people moved by hand within a day is added up every minute.
create index operations_by_hand on operations (at) where kind = 'adjust' and status = 'accepted';

-- Who hears of merges asks every minute for those of a day.
create index merges_by_time on merges (at);

alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check check (kind in (
  'silent', 'queue', 'exchange', 'discrepancy', 'job', 'audit', 'holds', 'lookups', 'purchases', 'points', 'break_glass',
  'budget', 'limit', 'merges'));

-- A card that is merged brings its status along.
alter table status_snapshots drop constraint status_snapshots_cause_check;
alter table status_snapshots add constraint status_snapshots_cause_check check (cause in (
  'reached', 'book', 'returned', 'notice', 'kept', 'lost', 'set', 'ended', 'merged'));
