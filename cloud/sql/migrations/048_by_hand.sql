-- What one person moves by hand within a day is added up with every further adjustment.
create index operations_by_hand on operations (author, at) where kind = 'adjust' and status = 'accepted';
