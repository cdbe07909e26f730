-- A customer may join at a till: its code stands in the link that its screens show, and the till is told of them. Whoever
-- has joined there is known to the store like one who has bought.
alter table registers add column join_code text not null
  default substr(replace(gen_random_uuid()::text, '-', ''), 1, 12) check (join_code ~ '^[0-9a-f]{12}$');
create unique index registers_by_join_code on registers (join_code);
alter table store_customers
  add column joined_register_id integer references registers,
  add column joined_at timestamptz,
  add check ((joined_register_id is null) = (joined_at is null));
create index store_customers_joined on store_customers (joined_register_id, joined_at) where joined_at is not null;
