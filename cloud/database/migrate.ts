import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql, Tx } from './connect.ts'

const MIGRATIONS = join(import.meta.dirname, '../sql/migrations')
const LOCK = 0x6b6f70 // any number, the same in every process

type Migration = { name: string; sha256: string; text: string }

/** Applies what is new, all of it or nothing. Returns the names of the files it applied. */
export async function migrate(sql: Sql, folder = MIGRATIONS): Promise<string[]> {
  const migrations = await readMigrations(folder)
  // Asked without the lock first: a backup has it for minutes, and most starts have nothing to apply.
  if (unapplied(migrations, await readApplied(sql)).length === 0) return []
  return sql.begin(async (sql) => {
    await lockMigrations(sql)
    return await applyNew(sql, migrations)
  })
}

/** Brings an empty database to the very migrations another one had, in the caller's transaction, which must have the lock already. */
export async function migrateLike(
  sql: Tx,
  wanted: { name: string; sha256: string }[],
  folder = MIGRATIONS,
): Promise<void> {
  const migrations = await readMigrations(folder)
  for (const { name, sha256 } of wanted)
    if (!migrations.some((known) => known.name === name && known.sha256 === sha256))
      throw new UnknownMigration(name)
  // In our own order: when they were applied there is only told by a clock, which may have been set back.
  await applyNew(
    sql,
    migrations.filter((known) => wanted.some(({ name }) => name === known.name)),
  )
}

/** In the caller's transaction, which must have the lock already. */
export async function migrateOn(sql: Tx, folder = MIGRATIONS): Promise<string[]> {
  return await applyNew(sql, await readMigrations(folder))
}

export class UnknownMigration extends Error {
  override name = 'UnknownMigration'
  readonly migration: string

  constructor(migration: string) {
    super(`the migration ${migration} is unknown here`)
    this.migration = migration
  }
}

/**
 * Does work during which no migration begins; a migration asked for meanwhile waits without holding a table.
 * The work needs a connection of its own: the lock is a transaction's, because behind pgbouncer no session is ours.
 */
export async function withoutMigrations<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
  const result = await sql.begin(async (sql) => {
    await sql`set local lock_timeout = 0`
    await sql`set local statement_timeout = 0`
    await sql`set local idle_in_transaction_session_timeout = 0`
    await sql`select pg_advisory_xact_lock_shared(${LOCK})`
    return { value: await work() }
  })
  return result.value
}

/**
 * A lock of the transaction, not of the session: behind pgbouncer the session is not ours. Whoever comes
 * second waits until the first has finished, however long its migration takes.
 */
export async function lockMigrations(sql: Tx): Promise<void> {
  await sql`set local lock_timeout = 0`
  await sql`set local statement_timeout = 0`
  await sql`select pg_advisory_xact_lock(${LOCK})`
}

async function applyNew(sql: Tx, migrations: Migration[]): Promise<string[]> {
  await sql`create table if not exists schema_migrations (
    name text primary key,
    sha256 text not null,
    applied_at timestamptz not null default now()
  )`
  const fresh = unapplied(migrations, await readApplied(sql))
  for (const migration of fresh) await apply(sql, migration)
  return fresh.map(({ name }) => name)
}

function unapplied(migrations: Migration[], applied: Map<string, string>): Migration[] {
  refuseForeignHistory(migrations, applied)
  return migrations.filter(({ name }) => !applied.has(name))
}

/**
 * Asks whether everything this code needs is there. What it needs is read once: the files of a newer version may lie there
 * by the time of a later question. What that has added to the database meanwhile does not disturb it.
 */
export function openMigratedCheck(folder = MIGRATIONS): (sql: Sql) => Promise<boolean> {
  let needed: Migration[] | null = null
  return async (sql) => {
    needed ??= await readMigrations(folder)
    const applied = await readApplied(sql)
    return needed.every(({ name, sha256 }) => applied.get(name) === sha256)
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      // The same file checked out on Windows is not a changed file.
      const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

async function readApplied(sql: Sql | Tx): Promise<Map<string, string>> {
  const [found] = await sql`select to_regclass('schema_migrations') is not null as exists`
  if (!found?.exists) return new Map()
  const rows = await sql<{ name: string; sha256: string }[]>`select name, sha256 from schema_migrations`
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]))
}

function refuseForeignHistory(migrations: Migration[], applied: Map<string, string>): void {
  for (const [name, sha256] of applied) {
    const known = migrations.find((migration) => migration.name === name)
    if (!known)
      throw new Error(
        `The database is newer than this version of Kopilka: it has the migration ${name}, which is unknown here. ` +
          'Start the newer version.',
      )
    if (known.sha256 !== sha256)
      throw new Error(
        `The migration ${name} was changed after it had been applied to this database. ` +
          'Restore the file and put the change into a new migration.',
      )
  }
}

async function apply(sql: Tx, { name, sha256, text }: Migration): Promise<void> {
  try {
    await sql.unsafe(text)
  } catch (error) {
    throw new Error(`The migration ${name} failed: ${(error as Error).message}`, { cause: error })
  }
  await sql`insert into schema_migrations (name, sha256) values (${name}, ${sha256})`
}
