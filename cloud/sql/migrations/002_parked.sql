-- A register hands over what was refused when nobody stood there any more: a person of the chain settles it.
alter table discrepancies drop constraint discrepancies_kind_check;
alter table discrepancies add constraint discrepancies_kind_check
  check (kind in ('hold_in_doubt', 'late_apply', 'audit', 'parked'));
