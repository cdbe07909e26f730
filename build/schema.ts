import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from '../cloud/database/connect.ts'
import { migrate } from '../cloud/database/migrate.ts'
import { openTemporaryPostgres } from '../cloud/database/temporary.ts'
import { dumpSchema } from './dump.ts'

// node build/schema.ts --write   writes cloud/sql/schema.sql from the migrations
// node build/schema.ts --check   fails when it differs from them

const FILE = join(import.meta.dirname, '../cloud/sql/schema.sql')

const actual = await schemaOfMigrations()
if (process.argv.includes('--write')) await writeFile(FILE, actual)
else if (!compare(await readFile(FILE, 'utf8').catch(() => ''), actual)) process.exitCode = 1

async function schemaOfMigrations(): Promise<string> {
  const server = await openTemporaryPostgres()
  const sql = connect(server.url)
  try {
    await migrate(sql)
    return await dumpSchema(sql)
  } finally {
    await sql.end()
    await server.stop()
  }
}

function compare(written: string, actual: string): boolean {
  const before = written.replaceAll('\r\n', '\n').split('\n')
  const after = actual.split('\n')
  const line = after.findIndex((text, index) => text !== before[index])
  if (line < 0 && before.length === after.length) return true
  const from = line < 0 ? after.length : line
  console.error(`cloud/sql/schema.sql differs from the migrations at line ${from + 1}:`)
  for (const text of before.slice(from, from + 5)) console.error(`- ${text}`)
  for (const text of after.slice(from, from + 5)) console.error(`+ ${text}`)
  console.error('If the migrations are right, run: npm run schema')
  return false
}
