import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Condition } from '../../shared/segments/definition.ts'
import { connect, type Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { readSegmentsOf, type Segments } from '../insight/segments/read.ts'
import { previewAudience } from './audience.ts'

const now = Date.parse('2025-12-07T09:00:00.000Z')
const CUSTOMERS = 3000

let database: TestDatabase
let alone: Sql
let segments: Segments
beforeAll(async () => {
  database = await createTestDatabase()
  alone = connect(database.url, { poolSize: 1 })
  await fill(alone)
  segments = await readSegmentsOf(alone, { programmeId: 1, now, timeZone: 'Europe/Moscow' })
})
afterAll(async () => {
  await alone.end()
  await database.drop()
})

/** Every third has bought; all but every fifth are in Telegram, where every seventh has blocked the bot. */
async function fill(sql: Sql): Promise<void> {
  // On a machine that has other work it takes its time.
  await sql`set statement_timeout = 0`
  await sql`insert into customers (card) select (100000 + i)::text from generate_series(1, ${CUSTOMERS}::int) i`
  await sql`
    insert into customer_facts (
      customer_id, purchases, net_kopecks, first_purchase_at, last_purchase_at, points_earned, points_spent, points_expired, as_of)
    select id, id, 100, now(), now(), 0, 0, 0, now() from customers where id % 3 = 0`
  await sql`
    insert into people (telegram_id, customer_id, language, unreachable_since)
    select id, id, 'ru', case when id % 7 = 0 then now() end from customers where id % 5 <> 0 order by hashint8(id)`
  await sql`vacuum analyze customers, customer_facts, people`
}

const bought = (min: number): Condition => ({ type: 'sum', of: 'purchases', min })
const everybody: Condition = { type: 'all', of: [] }

const ids = Array.from({ length: CUSTOMERS }, (_, index) => index + 1)
const isReachable = (id: number) => id % 5 !== 0 && id % 7 !== 0

it.each<[string, Condition, (id: number) => boolean]>([
  ['everybody', everybody, () => true],
  ['many', bought(1), (id) => id % 3 === 0],
  ['a few', bought(CUSTOMERS - 10), (id) => id % 3 === 0 && id >= CUSTOMERS - 10],
  ['nobody', bought(CUSTOMERS + 1), () => false],
  ['those in Telegram', { type: 'telegram' }, isReachable],
])('counts %s, and who of them can be written to', async (_name, definition, isMember) => {
  const members = ids.filter(isMember)
  expect(await previewAudience(alone, definition, segments)).toMatchObject({
    ...{ customers: CUSTOMERS, members: members.length, inTelegram: members.filter(isReachable).length },
    examples: members
      .toReversed()
      .slice(0, 10)
      .map((id) => ({ id })),
  })
})

it.each([
  ['a few', bought(CUSTOMERS - 10)],
  ['everybody', everybody],
])('reads Telegram once for %s, and not once a customer', async (_name, definition) => {
  // As with a million of them: they do not fit into the memory of a statement.
  await alone`set work_mem = '64kB'`
  await alone`set hash_mem_multiplier = 1`
  const [size] = await alone<{ blocks: number }[]>`
    select sum(relpages)::int as blocks from pg_class
    where relname = 'people' or oid in (select indexrelid from pg_index where indrelid = 'people'::regclass)`
  const before = await blocksRead(alone)
  await previewAudience(alone, definition, segments)
  const touched = (await blocksRead(alone)) - before
  expect(touched).toBeGreaterThan(0)
  // Each block of its table and of its indexes, which are read in their order, about once.
  expect(touched).toBeLessThan(2 * (size?.blocks ?? 0) + 20)
})

/** Of the people in Telegram and of their indexes, wherever the blocks came from. */
async function blocksRead(sql: Sql): Promise<number> {
  await sql`select pg_stat_force_next_flush()`
  const [row] = await sql<{ blocks: number }[]>`
    select (heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::int as blocks
    from pg_statio_user_tables where relname = 'people'`
  return row?.blocks ?? 0
}
