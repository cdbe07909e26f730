import type { Stage } from './stage.ts'

/** What Postgres did: steadier than a rate on a machine that others use too. */
export interface ServerWork {
  walBytes: number
  /** Of all who use the database; those of the ledger are nearly all of them. */
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
