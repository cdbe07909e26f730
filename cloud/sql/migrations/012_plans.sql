-- In the order in which the ledger locks them; without it, every hold that a customer ever had was read for that order.
drop index holds_open;
create index holds_open on holds (customer_id, id) where state in ('pending', 'processing', 'in_doubt');

-- What a customer sees of their points, the newest first.
create index operations_of_customer on operations (customer_id, at desc, id desc) where status = 'accepted';
