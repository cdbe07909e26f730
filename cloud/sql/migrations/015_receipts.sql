-- Goods come back with a receipt. Its number is looked for by its end: people read or type the last digits.
create index operations_of_receipt on operations (store_id, reverse(receipt) collate "C")
  where receipt is not null and status = 'accepted' and kind in ('earn', 'redeem');
