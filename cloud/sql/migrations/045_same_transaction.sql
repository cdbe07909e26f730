-- What is written goes by what was loaded under locks. Where the connection died in between, the driver would send the write on a new
-- one, where nothing is locked: so the write names the transaction that loaded, and fails in any other.
create function insist_on_transaction(loaded_in xid8) returns void language plpgsql as $$
begin
  if pg_current_xact_id_if_assigned() is distinct from loaded_in then
    raise exception 'what was loaded in another transaction cannot be written in this one' using errcode = 'serialization_failure';
  end if;
end $$;
