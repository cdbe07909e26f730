-- Points are added up, so they are bigint wherever a sum may stand: at 2,147,483,647 every further earning of a card
-- was an error of the database. The money of a receipt stays int, because the programme bounds a purchase.
-- Each of these rewrites its table and its indexes.
alter table customers
  alter column balance type bigint,
  alter column debt type bigint;

alter table operations
  alter column points type bigint,
  alter column earned type bigint,
  alter column spent type bigint;

alter table lots
  alter column points type bigint,
  alter column remaining type bigint,
  alter column expired type bigint;

alter table entries
  alter column points type bigint,
  alter column debt type bigint,
  alter column balance_before type bigint,
  alter column balance_after type bigint;
