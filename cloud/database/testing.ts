import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { connect, type Sql } from './connect.ts'
import { isHeldUp } from './outage.ts'
import type { TestDatabases } from './testServers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    testDatabases: TestDatabases
  }
}

export type TestDatabase = { sql: Sql; url: string; drop(): Promise<void> }

/** A migrated database of its own, without data, on the server of this worker. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return await createFrom(inject('testDatabases').template)
}

/** A database without the schema of Kopilka. */
export async function createBareDatabase(): Promise<TestDatabase> {
  return await createFrom('template1')
}

/** What each test begins with, made once; it takes longer to make than to copy. */
export interface Filled<T> {
  made: T
  copy(): Promise<TestDatabase>
  drop(): Promise<void>
}

export async function fillOnce<T>(fill: (sql: Sql) => Promise<T>): Promise<Filled<T>> {
  const { sql, url, drop } = await createTestDatabase()
  const made = await fill(sql)
  // Postgres copies only a database without sessions.
  await sql.end()
  return { made, copy: () => createFrom(new URL(url).pathname.slice(1)), drop }
}

async function createFrom(template: string): Promise<TestDatabase> {
  const serverUrl = inject('testDatabases').urls[Number(process.env.VITEST_POOL_ID) - 1]
  if (!serverUrl) throw new Error(`there is no server for worker ${process.env.VITEST_POOL_ID}`)
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const server = connect(serverUrl, { poolSize: 1 })
  // To make a database is work for a disk, and a disk under load is slow.
  await server`set statement_timeout = 0`
  await server`create database ${server(name)} template ${server(template)}`
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href
  const sql = connect(url)
  return {
    sql,
    url,
    async drop() {
      await sql.end({ timeout: 0 })
      // Forced, it may not end an autovacuum that is just there; unforced, it asks that to leave.
      await server`drop database ${server(name)} with (force)`.catch(
        () => server`drop database ${server(name)}`,
      )
      await server.end()
    },
  }
}

/**
 * Asks again, as a register does, while somebody else has a lock for longer than is waited for: on a busy machine a
 * handful of transactions that stand in line for one customer may take more than the second that the ledger waits.
 */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isHeldUp(error)) throw error
    }
  }
}
