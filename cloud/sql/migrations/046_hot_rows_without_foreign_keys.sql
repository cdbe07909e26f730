-- The rest of the keys that were looked up with every sale. What such a row names is locked or read by whoever writes it, and is
-- never taken away: the triggers below see to it. The audit looks for rows that name what is not there, or is of another programme.
alter table operations
  drop constraint operations_programme_id_customer_id_fkey,
  drop constraint operations_programme_id_store_id_fkey;
alter table holds
  drop constraint holds_programme_id_customer_id_fkey,
  drop constraint holds_programme_id_store_id_fkey;
alter table store_customers
  drop constraint store_customers_programme_id_customer_id_fkey,
  drop constraint store_customers_programme_id_store_id_fkey,
  drop constraint store_customers_joined_register_id_fkey;
alter table customer_days drop constraint customer_days_customer_id_fkey;
alter table rule_uses drop constraint rule_uses_customer_id_fkey;
alter table operation_items
  drop constraint operation_items_operation_id_fkey,
  drop constraint operation_items_programme_id_fkey;
alter table notifications drop constraint notifications_customer_id_fkey;
alter table customer_facts drop constraint customer_facts_customer_id_fkey;
alter table customer_months drop constraint customer_months_customer_id_fkey;

create function refuse_to_change_named_keys() returns trigger language plpgsql as $$
begin
  raise exception 'rows without foreign keys name %, so their keys stay: % refused', tg_table_name, tg_op
    using errcode = 'restrict_violation';
end $$;

-- For each statement and not for each row: with a trigger for rows, Postgres fetches and locks each row of any update once more
-- before it looks which columns are set.
create trigger customers_stay before delete or truncate or update of id, programme_id on customers
  for each statement execute function refuse_to_change_named_keys();
create trigger stores_stay before delete or truncate or update of id, programme_id on stores
  for each statement execute function refuse_to_change_named_keys();
create trigger registers_stay before delete or truncate or update of id on registers
  for each statement execute function refuse_to_change_named_keys();
create trigger operations_stay before delete or truncate or update of id on operations
  for each statement execute function refuse_to_change_named_keys();
