import type { Sql } from '../../database/connect.ts'

/** The fault of a statement that fails because of one of its rows: of each operation whose id is in the table `faults`. */
export async function addFaults(sql: Sql): Promise<void> {
  await sql`create table faults (id uuid)`
  await sql.unsafe(`
    create function fail() returns trigger language plpgsql as $$
    begin
      if exists (select from faults where id = new.id) then raise exception 'a fault of %', new.id; end if;
      return new;
    end $$;
    create trigger fail before insert on operations for each row execute function fail()`)
}
