-- A lot that still has points after it lost or got some is written in its page: an index on what changes would have every
-- index of the lot written anew for each point that moves.
alter table lots add column filled boolean not null generated always as (remaining > 0) stored;
drop index lots_filled;
drop index lots_to_expire;
create index lots_filled on lots (customer_id, expires_at) where filled;
create index lots_to_expire on lots (expires_at, customer_id) where filled;
alter table lots set (fillfactor = 85);
