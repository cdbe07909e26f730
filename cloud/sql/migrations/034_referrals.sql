-- By what a customer's link is known. It is made when it is first asked for, and ends with its person.
create table referral_codes (
  customer_id bigint primary key references customers,
  code text not null unique check (code ~ '^[2-9a-hj-km-np-z]{10}$')
);

-- Whose cards belong to the staff of the chain: they invite nobody for points, and are nobody's friend.
create table staff_cards (
  customer_id bigint primary key references customers,
  marked_at timestamptz not null,
  marked_by text not null
);

-- Who came by a link and is forgotten. The bot's token is part of the hash and not in the database: nobody can tell from
-- it who a person is, only that one who comes back has been here.
create table former_friends (
  person_hash bytea primary key
);

-- Who came by whose link, and what became of it. A friend comes once.
create table referrals (
  referee_id bigint primary key,
  referrer_id bigint not null,
  programme_id int not null,
  invited_at timestamptz not null,
  state text not null check (state in ('waiting', 'flagged', 'rewarded', 'rejected', 'taken_back')),
  reason text check (reason in (
    'self', 'customer_before', 'circle', 'over_month', 'staff', 'returned', 'left', 'person')),
  -- What a person wrote who rejected or released it, and who that was.
  note text check (note <> ''),
  decided_by text,
  is_released boolean not null default false,
  -- When it is looked at again; null: when something happens.
  due_at timestamptz,
  -- The first purchase that meets the terms.
  purchase_id uuid,
  purchase_at timestamptz,
  register_id int,
  settled_at timestamptz,
  rewarded_at timestamptz,
  -- What both were given, and by which operations it was given and taken back; null where there was nothing to give.
  referrer_points int not null default 0 check (referrer_points >= 0),
  referee_points int not null default 0 check (referee_points >= 0),
  referrer_gift uuid,
  referee_gift uuid,
  referrer_taking uuid,
  referee_taking uuid,
  foreign key (programme_id, referee_id) references customers (programme_id, id),
  foreign key (programme_id, referrer_id) references customers (programme_id, id),
  check (referee_id <> referrer_id or state = 'rejected'),
  check ((reason is not null) = (state in ('rejected', 'taken_back'))),
  check ((settled_at is null) = (state in ('waiting', 'flagged'))),
  check ((rewarded_at is null) = (state not in ('rewarded', 'taken_back'))),
  check ((purchase_id is null) = (purchase_at is null)),
  check (rewarded_at is null or purchase_id is not null),
  check ((referrer_gift is not null) = (referrer_points > 0) and (referee_gift is not null) = (referee_points > 0)),
  check (rewarded_at is not null or num_nonnulls(referrer_gift, referee_gift) = 0),
  check (state = 'taken_back' or num_nonnulls(referrer_taking, referee_taking) = 0)
);
create index referrals_due on referrals (due_at) where due_at is not null;
create index referrals_of_referrer on referrals (referrer_id, purchase_at);
create index referrals_latest on referrals (programme_id, invited_at, referee_id);

alter table people add column notify_referrals boolean not null default true;
alter table notifications drop constraint notifications_kind_check;
alter table notifications add constraint notifications_kind_check
  check (kind in ('earned', 'spent', 'refunded', 'welcome', 'expiring', 'status', 'merged', 'referral'));
