import { testVoucherKey } from '../access/testing/voucherKey.ts'
import type { Sql } from '../database/connect.ts'
import type { Around } from './act.ts'

/** A person at the command line. */
export const byAdmin = (sql: Sql, now = Date.now()): Around & { sql: Sql } => ({
  sql,
  who: { type: 'admin', name: 'anna' },
  now,
  botToken: null,
  voucherKey: () => testVoucherKey,
})
