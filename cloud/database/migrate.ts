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
  return sql.begin(async (sql) => {
    // A lock of the transaction, not of the session: behind pgbouncer the session is not ours. Whoever comes
    // second waits until the first has finished, however long its migration takes.
    await sql`set local lock_timeout = 0`
    await sql`set local statement_timeout = 0`
    await sql`select pg_advisory_xact_lock(${LOCK})`
    await sql`create table if not exists schema_migrations (
      name text primary key,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`
    const applied = await readApplied(sql)
    refuseForeignHistory(migrations, applied)
    const fresh = migrations.filter(({ name }) => !applied.has(name))
    for (const migration of fresh) await apply(sql, migration)
    return fresh.map(({ name }) => name)
  })
}

/** Everything this code needs is there. What a newer version has added meanwhile does not disturb it. */
export async function isMigrated(sql: Sql, folder = MIGRATIONS): Promise<boolean> {
  const migrations = await readMigrations(folder)
  const [found] = await sql`select to_regclass('schema_migrations') is not null as exists`
  if (!found?.exists) return false
  const applied = await readApplied(sql)
  return migrations.every(({ name, sha256 }) => applied.get(name) === sha256)
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
