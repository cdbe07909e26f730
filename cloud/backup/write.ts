import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { withoutMigrations } from '../database/migrate.ts'
import { readMigrationsApplied, readSequences, readTables, type Table } from './catalogue.ts'
import { BackupError, createLineHash, type Header, type Trailer } from './format.ts'

const ROWS_AT_ONCE = 1000

type Save = (lines: AsyncIterable<string>) => Promise<void>

/** Everything in the database at one moment, while others go on writing. `save` gets it piece by piece. */
export async function backUp(sql: Sql, { now, save }: { now: Instant; save: Save }): Promise<Trailer> {
  return await withoutMigrations(sql, () =>
    sql.begin('isolation level repeatable read read only', async (sql) => {
      await sql`set local statement_timeout = 0`
      await sql`set local idle_in_transaction_session_timeout = 0`
      const tables = await readTables(sql)
      const trailer: Trailer = { end: 'kopilka backup', rows: {}, sha256: '' }
      await save(linesOf(sql, { header: await readHeader(sql, { tables, now }), tables, trailer }))
      return trailer
    }),
  )
}

async function readHeader(sql: Tx, { tables, now }: { tables: Table[]; now: Instant }): Promise<Header> {
  const migrations = await readMigrationsApplied(sql)
  if (migrations.length === 0)
    throw new BackupError(
      'nothing_to_back_up',
      'This database has no tables of Kopilka. See that DATABASE_URL or KOPILKA_DATA names the right one.',
    )
  return {
    kopilka: 'backup',
    format: 1,
    madeAt: toIso(now),
    migrations,
    tables: tables.map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) })),
    sequences: await readSequences(sql),
  }
}

/** Fills the trailer on the way, because only the end knows it. */
async function* linesOf(
  sql: Tx,
  { header, tables, trailer }: { header: Header; tables: Table[]; trailer: Trailer },
): AsyncGenerator<string> {
  const hash = createLineHash()
  const hashed = (lines: string[]) => {
    hash.update(lines)
    return `${lines.join('\n')}\n`
  }
  yield hashed([JSON.stringify(header)])
  for (const table of tables) {
    yield hashed([JSON.stringify({ table: table.name })])
    trailer.rows[table.name] = 0
    for await (const rows of rowsOf(sql, table)) {
      trailer.rows[table.name] = (trailer.rows[table.name] ?? 0) + rows.length
      yield hashed(rows)
    }
  }
  trailer.sha256 = hash.digest()
  yield `${JSON.stringify(trailer)}\n`
}

/**
 * By a cursor and not by COPY: the driver can leave its connection paused at the end of one (its issue 917).
 * JSON writes a line break inside a value as \n, so that a row is a line.
 */
async function* rowsOf(sql: Tx, { name, columns }: Table): AsyncGenerator<string[]> {
  const values = columns.map((column) => {
    // The number of a transaction means nothing outside of its server, where it may lie in the future. This is
    // the first there ever is: who follows the changes reads a restored database from the beginning anyway.
    return column.type === 'xid8' ? sql`'3'` : sql`${sql(column.name)}::text`
  })
  const list = values.reduce((left, right) => sql`${left}, ${right}`)
  await sql`declare backup_rows no scroll cursor for select json_build_array(${list})::text as line from ${sql(name)}`
  for (;;) {
    const rows = await sql.unsafe<{ line: string }[]>(`fetch ${ROWS_AT_ONCE} from backup_rows`)
    if (rows.length === 0) break
    yield rows.map(({ line }) => line)
  }
  await sql`close backup_rows`
}
