-- An operation is found by its id, and those of a customer by operations_of_customer. The key of both was one more entry for
-- every operation, and nothing needed it.
alter table operations drop constraint operations_pkey;
alter table operations add constraint operations_pkey primary key using index operations_directory;
