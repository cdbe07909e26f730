-- The rows of a sale are written together, in one statement, by the one writer of the ledger, and nothing deletes what
-- they name. The audit looks for what these keys prevented. Those that keep programmes apart stay.
alter table lots drop constraint lots_customer_id_fkey;
alter table entries
  drop constraint entries_customer_id_operation_id_fkey,
  drop constraint entries_customer_id_lot_expires_at_lot_active_from_fkey;
alter table holds
  drop constraint holds_customer_id_id_fkey,
  drop constraint holds_customer_id_resolved_by_fkey;
