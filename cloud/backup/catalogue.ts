import type { Sql, Tx } from '../database/connect.ts'

// What there is to keep, asked of the database itself: a table that a migration adds is in the next backup.

export interface Table {
  name: string
  columns: { name: string; type: string }[]
}

/** Every table but the record of the migrations, which a restore writes anew by applying them. */
export async function readTables(sql: Sql | Tx): Promise<Table[]> {
  return await sql<Table[]>`
    select relname as name, coalesce(json_agg(
      json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
      filter (where attnum is not null), '[]') as columns
    from pg_class
    left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = ''
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
      and relname <> 'schema_migrations'
    group by relname
    order by relname`
}

export async function readMigrationsApplied(sql: Tx): Promise<{ name: string; sha256: string }[]> {
  const [found] = await sql`select to_regclass('schema_migrations') is not null as exists`
  if (!found?.exists) return []
  return [
    ...(await sql<{ name: string; sha256: string }[]>`
    select name, sha256 from schema_migrations order by name`),
  ]
}

/** Read after the snapshot was taken: never behind the rows that the snapshot shows. */
export async function readSequences(sql: Tx): Promise<Record<string, number>> {
  const rows = await sql<{ name: string; last: number }[]>`
    select sequencename as name, last_value as last from pg_sequences
    where schemaname = current_schema() and last_value is not null
    order by 1`
  return Object.fromEntries(rows.map(({ name, last }) => [name, last]))
}

/** What lies in the schema, ours or not. */
export async function readRelations(sql: Tx): Promise<string[]> {
  const rows = await sql<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm', 'S')
    order by relname`
  return rows.map(({ name }) => name)
}

export interface ForeignKey {
  table: string
  name: string
  definition: string
}

export async function readForeignKeys(sql: Tx): Promise<ForeignKey[]> {
  return [
    ...(await sql<ForeignKey[]>`
    select relname as table, conname as name, pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_constraint join pg_class on pg_class.oid = conrelid
    where contype = 'f' and conparentid = 0 and relnamespace = current_schema()::regnamespace
    order by relname, conname`),
  ]
}

/** What happens by itself to a row of a living table, or must not happen; it is no matter for the rows of a backup. */
export async function readTriggers(sql: Tx): Promise<{ table: string; name: string }[]> {
  return [
    ...(await sql<{ table: string; name: string }[]>`
    select relname as table, tgname as name
    from pg_trigger join pg_class on pg_class.oid = tgrelid
    where not tgisinternal and tgenabled = 'O' and relnamespace = current_schema()::regnamespace
    order by relname, tgname`),
  ]
}
