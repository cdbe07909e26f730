-- Of equal purchases of one moment the one with the smallest id is named. Without the id in the index that order is none that it has, and
-- a session whose plan was made in a young database walked through all purchases of a busy card.
drop index operations_equal_purchases;
create index operations_equal_purchases on operations (customer_id, purchase_kopecks, at, id)
  where status = 'accepted' and kind in ('earn', 'redeem');
