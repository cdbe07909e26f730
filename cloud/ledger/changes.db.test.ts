import { appendFile, chown, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY } from '../../shared/time.ts'
import { connect, type Sql } from '../database/connect.ts'
import { openEmbeddedPostgres } from '../database/embedded.ts'
import { migrate } from '../database/migrate.ts'
import { makeTemporaryDataDir } from '../database/temporary.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { prune } from '../jobs/prune.ts'
import { readChanges } from './changes.ts'
import { post } from './post.ts'
import type { Request } from './request.ts'
import { addStores, adjust, earn, noon, redeem, stranger } from './testing/makers.ts'

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
  const changes = (sql: Sql, since?: string) =>
    readChanges(sql, { programmeId: 1, storeId: 1, since, limit: 10, now: Date.now() })

  const before = await served(async (sql) => {
    await migrate(sql)
    await sql`insert into customers (card) values ('111111')`
    await addStores(sql)
    await sql`insert into store_customers (programme_id, store_id, customer_id, last_seen_at) values (1, 1, 1, now())`
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

describe('a store is told', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addStores(database.sql)
    await database.sql`
      insert into customers (card, first_name) values ('111111', 'Анна'), ('222222', 'Вера'), ('333333', 'Ольга')`
  })
  afterEach(() => database.drop())

  const [anna, vera, olga] = ['111111', '222222', '333333'] as const
  const send = (now: number, ...requests: Request[]) => post(database.sql, requests, { now: () => now })
  const list = (since?: string, { now = noon, storeId = 1 } = {}) =>
    readChanges(database.sql, { programmeId: 1, storeId, since, limit: 10, now })
  const told = async (...asked: Parameters<typeof list>) =>
    (await list(...asked)).customers.map(({ card, firstName, status }) => [card, firstName, status])
  const erase = (card: string) => database.sql`
    update customers set status = 'erased', first_name = null, profile_tx = pg_current_xact_id() where card = ${card}`

  test('of whom it has seen: by an operation that was accepted, and by one of its own', async () => {
    await send(noon, earn(1000, { card: anna }), earn(0, { card: vera }), redeem(1, { card: vera }))
    await send(noon, earn(1000, { card: vera, author: stranger }), adjust(10, { card: olga }))
    expect(await told()).toEqual([[anna, 'Анна', 'active']])
    expect(await told(undefined, { storeId: 2 })).toEqual([[vera, 'Вера', 'active']])
  })

  test('of a customer who comes for the first time, once they come', async () => {
    const { cursor } = await list()
    await send(noon, earn(100_000, { card: vera, author: stranger }))
    expect(await told(cursor)).toEqual([])
    await send(noon, earn(5000, { card: vera }))
    const page = await list(cursor)
    expect(page.customers).toEqual([{ card: vera, firstName: 'Вера', available: 42, status: 'active' }])
    // What they do elsewhere changes what they have here.
    await send(noon, earn(50_000, { card: vera, author: stranger }))
    expect((await list(page.cursor)).customers).toMatchObject([{ card: vera, available: 62 }])
  })

  test('of an erased customer, wherever they were seen, and nowhere else', async () => {
    await send(noon, earn(1000, { card: anna }), earn(1000, { card: vera, author: stranger }))
    const [here, there] = [await list(), await list(undefined, { storeId: 2 })]
    await erase(anna)
    await erase(vera)
    await erase(olga)
    expect(await told(here.cursor)).toEqual([[anna, null, 'erased']])
    expect(await told(there.cursor, { storeId: 2 })).toEqual([[vera, null, 'erased']])
  })

  test('of nobody it has not seen for 180 days, and once that they are to be forgotten', async () => {
    const last = noon + 180 * DAY
    await send(noon, earn(1000, { card: anna }), earn(1000, { card: vera }))
    await send(noon + 2 * DAY, earn(1000, { card: vera, at: noon + 2 * DAY }))
    const { cursor } = await list(undefined, { now: last })
    expect(await told(undefined, { now: last })).toHaveLength(2)

    expect(await told(undefined, { now: last + 1 })).toEqual([[vera, 'Вера', 'active']])
    expect(await prune(database.sql, { now: last + 1 })).toMatchObject({ visits: 1 })
    expect(await prune(database.sql, { now: last + 1 })).toMatchObject({ visits: 0 })
    const page = await list(cursor, { now: last + 1 })
    expect(page.customers).toEqual([{ card: anna, firstName: null, available: 0, status: 'erased' }])
    // What they do elsewhere is nothing to this store any more.
    await send(last + 2, earn(1000, { card: anna, at: last + 2, author: stranger }))
    expect(await told(page.cursor, { now: last + 2 })).toEqual([])
    expect(await told(undefined, { now: last + 2, storeId: 2 })).toEqual([[anna, 'Анна', 'active']])
    // Until they come again.
    await send(last + 3, earn(1000, { card: anna, at: last + 3 }))
    expect(await told(page.cursor, { now: last + 3 })).toEqual([[anna, 'Анна', 'active']])
    expect(await prune(database.sql, { now: last + 3 })).toMatchObject({ visits: 0 })
  })

  test('of an erasure also when it has forgotten the customer already: a till may have been away', async () => {
    await send(noon, earn(1000, { card: anna }))
    const { cursor } = await list()
    const now = noon + 181 * DAY
    await prune(database.sql, { now })
    const page = await list(cursor, { now })
    await erase(anna)
    expect(await told(page.cursor, { now })).toEqual([[anna, null, 'erased']])
  })

  test('of more people where the programme becomes more patient, and of fewer where less', async () => {
    await send(noon, earn(1000, { card: anna }))
    const now = noon + 100 * DAY
    const { cursor } = await list(undefined, { now })
    const keep = async (days: number) => {
      await database.sql`update programmes set settings = ${database.sql.json({ offline_customers_days: days })}`
      await prune(database.sql, { now })
    }
    await keep(90)
    const page = await list(cursor, { now })
    expect(page.customers).toMatchObject([{ card: anna, firstName: null, status: 'erased' }])
    await keep(120)
    expect(await told(page.cursor, { now })).toEqual([[anna, 'Анна', 'active']])
  })

  test('a visit is written once a day and customer, whatever they buy', async () => {
    const visits = () => database.sql`select store_id, last_seen_at, xmin::text from store_customers`
    await send(noon, earn(1000, { card: anna }))
    const [first] = await visits()
    await send(noon + DAY - 1, earn(2000, { card: anna, at: noon + DAY - 1 }), earn(3000, { card: anna }))
    expect(await visits()).toEqual([first])
    await send(noon + DAY, earn(4000, { card: anna, at: noon + DAY }))
    expect(await visits()).toMatchObject([{ store_id: 1, last_seen_at: noon + DAY }])
  })
})
