import postgres from 'postgres'
import type { Tx } from './connect.ts'

/**
 * The lock of this name, until the transaction ends; false where another has it. Of a transaction, because behind
 * pgbouncer a session is shared. It must write nothing: an idle one that only holds a lock keeps nothing from
 * vacuum, nor a reader of changes waiting. Idle for longer than `idleMs`, 0 for ever, the server ends it.
 */
export async function tryLock(sql: Tx, name: string, { idleMs }: { idleMs: number }): Promise<boolean> {
  const [row] = await sql<{ isOurs: boolean }[]>`
    select set_config('idle_in_transaction_session_timeout', ${String(idleMs)}, true),
      pg_try_advisory_xact_lock(hashtextextended(${`kopilka ${name}`}, 0)) as "isOurs"`
  return row?.isOurs ?? false
}

/** The lock of this name, until the transaction ends; a transaction that has it is waited for. */
export async function takeLock(sql: Tx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`kopilka ${name}`}, 0))`
}

/**
 * The end of a transaction whose connection is lost. The driver would send our commit over the same connection made
 * anew, where it could land in a transaction that another caller began: a promise that never settles makes it send none.
 */
export const neverCommit = () => new Promise<never>(() => {})

/** A session of its own for locks that end with it, so that a killed process leaves nothing behind. */
export function openLockSession(url: string, name: string, options: postgres.Options<never> = {}) {
  return postgres(url, {
    max: 1,
    max_lifetime: null, // a renewed connection would not hold the lock
    fetch_types: false,
    connection: { application_name: name },
    ...options,
  })
}
