import type { Stage } from './stage.ts'

/** The work of Postgres, which is a steadier figure than a rate on a machine that others use too. */
export interface ServerWork {
  walBytes: number
  /** Transactions of all connections; nearly all are those of the ledger. */
  transactions: number
}

export async function readServerWork({ superuser }: Stage): Promise<ServerWork> {
  const [row] = await superuser<ServerWork[]>`
    select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as "walBytes",
      (select xact_commit from pg_stat_database where datname = current_database()) as transactions`
  if (!row) throw new Error('Postgres does not say what it did')
  return row
}

export function workBetween(before: ServerWork, after: ServerWork): ServerWork {
  return {
    walBytes: after.walBytes - before.walBytes,
    transactions: after.transactions - before.transactions,
  }
}
