import type { Tx } from './connect.ts'

/**
 * For a transaction that looks rows up by key: a plan that was made while a table was young becomes neither a scan of
 * the table nor a bitmap of an index when it has grown.
 */
export const byKey = (sql: Tx) =>
  sql`set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`
