import type { Sql } from '../database/connect.ts'
import type { By } from './act.ts'

/** Somebody at the command line. */
export const byAdmin = (sql: Sql, now = Date.now()): By & { sql: Sql } => ({
  sql,
  who: { type: 'admin', name: 'anna' },
  now,
  botToken: null,
})
