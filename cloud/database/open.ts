import type { Config } from '../config.ts'
import { connect, type Sql } from './connect.ts'
import { openEmbeddedPostgres } from './embedded.ts'
import { migrate } from './migrate.ts'

export interface Database {
  sql: Sql
  url: string
  close(): Promise<void>
}

/**
 * The database the settings name: a given server, or the embedded one. Migrated when it is handed over, unless it is
 * to be taken as it is.
 */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'dataDir'>,
  { isSchemaLeft = false }: { isSchemaLeft?: boolean } = {},
): Promise<Database> {
  const embedded = config.databaseUrl ? null : await openEmbeddedPostgres(config.dataDir)
  const url = config.databaseUrl ?? embedded?.url ?? ''
  const sql = connect(url)
  const database = {
    sql,
    url,
    async close() {
      await sql.end({ timeout: 5 })
      await embedded?.stop()
    },
  }
  try {
    if (!isSchemaLeft) await migrate(sql)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
