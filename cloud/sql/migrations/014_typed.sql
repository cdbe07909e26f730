-- Whose word an amount is: typed by hand, where 1C had none, and who stood there, as 1C names them.
alter table operations
  add column cashier text,
  add column typed boolean not null default false,
  add constraint operations_typed_check check (not typed or kind = 'earn');
