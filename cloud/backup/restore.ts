import type { Sql, Tx } from '../database/connect.ts'
import { lockMigrations, migrateLike, migrateOn, UnknownMigration } from '../database/migrate.ts'
import { readForeignKeys, readRelations, readTables, readTriggers, type Table } from './catalogue.ts'
import { BackupError, type Header, type Trailer } from './format.ts'
import { readBackup, verifyBackup } from './read.ts'

const ROWS_AT_ONCE = 1000

export interface Restored {
  madeAt: string
  rows: Trailer['rows']
  /** What this version of Kopilka has added to the schema since. */
  migrated: string[]
}

/**
 * Fills an empty database from a backup that was found whole before. One transaction: a stop half-way
 * leaves the database as empty as it was. `record` writes what must be there with the data.
 */
export async function restore(
  sql: Sql,
  file: string,
  { record, migrations }: { record: (sql: Tx, header: Header) => Promise<void>; migrations?: string },
): Promise<Restored> {
  const { header, rows } = await verifyBackup(file)
  const migrated = await sql.begin(async (sql) => {
    await sql`set local statement_timeout = 0`
    await sql`set local idle_in_transaction_session_timeout = 0`
    // Whoever makes tables here at this moment has ended then, or waits for our end.
    await lockMigrations(sql)
    await refuseUsed(sql)
    await makeSchema(sql, header, migrations)
    await withoutWatchers(sql, () => load(sql, file, header))
    await continueSequences(sql, header)
    const migrated = await migrateOn(sql, migrations)
    await endSessions(sql)
    await record(sql, header)
    return migrated
  })
  await analyse(sql)
  return { madeAt: header.madeAt, rows, migrated }
}

async function refuseUsed(sql: Tx): Promise<void> {
  const relations = await readRelations(sql)
  if (relations.length === 0) return
  throw new BackupError(
    'database_not_empty',
    `The database is not empty (it has ${relations.slice(0, 3).join(', ')}${relations.length > 3 ? ', …' : ''}). ` +
      'A backup is restored into a new one only: make one and name it in DATABASE_URL, or name a new folder in ' +
      'KOPILKA_DATA. Nothing was changed.',
  )
}

async function makeSchema(sql: Tx, header: Header, migrations?: string): Promise<void> {
  try {
    await migrateLike(sql, header.migrations, migrations)
  } catch (error) {
    if (!(error instanceof UnknownMigration)) throw error
    throw new BackupError(
      'backup_of_another_version',
      `The backup was made by another version of Kopilka: ${error.message}. Restore it with that version or a ` +
        'newer one. Nothing was changed.',
    )
  }
}

/**
 * Foreign keys are taken off and put on again: so the order of the tables is of no matter, and each key is checked
 * once, for all rows. What triggers do for a new row they did when it was new, and what they refuse is for a living table.
 */
async function withoutWatchers(sql: Tx, work: () => Promise<void>): Promise<void> {
  const keys = await readForeignKeys(sql)
  const triggers = await readTriggers(sql)
  for (const { table, name } of keys) await sql`alter table ${sql(table)} drop constraint ${sql(name)}`
  for (const { table, name } of triggers) await sql`alter table ${sql(table)} disable trigger ${sql(name)}`
  await work()
  for (const { table, name } of triggers) await sql`alter table ${sql(table)} enable trigger ${sql(name)}`
  for (const { table, name, definition } of keys)
    await sql`alter table ${sql(table)} add constraint ${sql(name)} ${sql.unsafe(definition)}`
}

async function load(sql: Tx, file: string, header: Header): Promise<void> {
  const tables = new Map((await readTables(sql)).map((table) => [table.name, table]))
  for (const { name } of header.tables) await sql`delete from ${sql(name)}` // what a migration put there
  let into: Table | undefined
  let waiting: string[] = []
  const flush = async () => {
    if (into && waiting.length > 0) await insert(sql, into, waiting)
    waiting = []
  }
  await readBackup(file, async (part) => {
    if ('rows' in part) {
      waiting.push(...part.rows)
      if (waiting.length >= ROWS_AT_ONCE) await flush()
    } else {
      await flush()
      if ('table' in part) into = columnsOf(header, tables.get(part.table), part.table)
    }
  })
}

/** The columns in the order of the backup, with the types they have here. */
function columnsOf(header: Header, here: Table | undefined, name: string): Table {
  const backedUp = header.tables.find((table) => table.name === name)?.columns ?? []
  const columns = backedUp.map((column) => here?.columns.find((candidate) => candidate.name === column))
  if (!here || columns.length !== here.columns.length || columns.includes(undefined))
    throw new BackupError(
      'backup_of_another_version',
      `The table ${name} of the backup is not the one that its migrations make. Nothing was changed.`,
    )
  return { name, columns: columns.filter((column) => column !== undefined) }
}

async function insert(sql: Tx, { name, columns }: Table, lines: string[]): Promise<void> {
  const values = columns
    .map(({ type }, index) => sql`(line->>${sql.unsafe(String(index))})::${sql.unsafe(type)}`)
    .reduce((left, right) => sql`${left}, ${right}`)
  await sql`
    insert into ${sql(name)} (${sql(columns.map((column) => column.name))}) overriding system value
    select ${values} from jsonb_array_elements(${`[${lines.join(',')}]`}::text::jsonb) as line`
}

async function continueSequences(sql: Tx, { sequences }: Header): Promise<void> {
  for (const [name, last] of Object.entries(sequences))
    await sql`select setval(quote_ident(${name})::regclass, ${last})`
}

/** What lets somebody in by itself; the first was the name of the second. */
const WAYS_IN = ['it_sessions', 'staff_sessions', 'staff_links', 'staff_telegram_links']

/** Since the backup somebody may have signed out, lost their account or got a new password over what a stranger did. */
async function endSessions(sql: Tx): Promise<void> {
  const there = await readTables(sql)
  for (const { name } of there.filter(({ name }) => WAYS_IN.includes(name)))
    await sql`delete from ${sql(name)}`
}

/** Without it the planner knows nothing of a database that was filled at once. */
async function analyse(sql: Sql): Promise<void> {
  for (const { name } of await readTables(sql)) {
    await sql.begin(async (sql) => {
      await sql`set local statement_timeout = 0`
      await sql`analyze ${sql(name)}`
    })
  }
}
