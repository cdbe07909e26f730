import type { Tx } from './connect.ts'

/**
 * For a transaction that looks rows up by key, in the order of the key: a plan that was made while a table was young
 * becomes neither a scan of the table nor a bitmap of an index when it has grown, and takes the first rows without
 * sorting all of them.
 */
export const byKey = (sql: Tx) => sql`
  set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
  set_config('enable_sort', 'off', true)`
