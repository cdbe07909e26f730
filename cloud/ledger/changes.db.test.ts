import { appendFile, chown, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connect, type Sql } from '../database/connect.ts'
import { openEmbeddedPostgres } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { makeTemporaryDataDir } from '../database/temporary.ts'
import { readChanges } from './changes.ts'

test('a cursor of before a recovery to a point in time begins the feed anew', async () => {
  const dataDir = await makeTemporaryDataDir()
  const served = async <T>(work: (sql: Sql) => Promise<T>): Promise<T> => {
    const server = await openEmbeddedPostgres(dataDir)
    const sql = connect(server.url, { poolSize: 1 })
    return await work(sql).finally(async () => {
      await sql.end()
      await server.stop()
    })
  }
  const changes = (sql: Sql, since?: string) => readChanges(sql, { since, limit: 10, now: Date.now() })

  const before = await served(async (sql) => {
    await migrate(sql)
    await sql`insert into customers (card) values ('111111')`
    return (await changes(sql)).cursor
  })
  // As after any restart: the server goes on, and so does the feed.
  expect(await served(async (sql) => (await changes(sql, before)).customers)).toEqual([])

  await recover(join(dataDir, 'postgres', 'data'))
  await served(async (sql) => {
    await expect.poll(() => sql`select pg_is_in_recovery() as recovers`).toEqual([{ recovers: false }])
    const anew = await changes(sql, before)
    expect(anew.customers).toMatchObject([{ card: '111111' }])
    expect((await changes(sql, anew.cursor)).customers).toEqual([])
  })
  await rm(dataDir, { recursive: true })
})

/** An archive with nothing in it: the server recovers what it has, and then begins a new timeline. */
async function recover(data: string): Promise<void> {
  await appendFile(join(data, 'postgresql.auto.conf'), "restore_command = 'exit 1'\n")
  const { uid, gid } = await stat(data)
  const signal = join(data, 'recovery.signal')
  await writeFile(signal, '')
  await chown(signal, uid, gid)
}
