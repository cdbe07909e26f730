import { afterEach, beforeEach, expect, it } from 'vitest'
import { connect, type Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { post } from './post.ts'
import { addStores, apply, earn, merge, noon, redeem, refund } from './testing/makers.ts'

// A session keeps the plans that it made while the tables were empty, when every way through them seemed the same.
let database: TestDatabase
let session: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  await database.sql`insert into customers (card) values ('100001')`
  await database.sql`analyze`
  session = connect(database.url, { poolSize: 1 })
})
afterEach(async () => {
  await session.end()
  await database.drop()
})

it('an equal purchase of a busy card is looked for where it would stand, and not among all', async () => {
  for (let group = 0; group < 30; group += 1)
    await post(
      session,
      Array.from({ length: 24 }, (_, index) => earn(1000 + 100 * (24 * group + index), { card: '100001' })),
      { now: () => noon },
    )
  await session`select pg_stat_force_next_flush()`
  const [row] = await database.sql<{ rows: number }[]>`
    select sum(idx_tup_fetch)::bigint as rows from pg_stat_user_tables where relname = 'operations'`
  expect(row?.rows).toBeLessThan(30 * 24 * 5)
})

it('whether somebody was seen in a store is looked up by the key', async () => {
  const cards = Array.from({ length: 600 }, (_, index) => String(500_000 + index))
  await database.sql`insert into customers (card) select * from unnest(${cards}::text[])`
  await database.sql`analyze`
  for (let first = 0; first < cards.length; first += 30)
    await post(
      session,
      cards.slice(first, first + 30).map((card) => earn(1000, { card })),
      { now: () => noon },
    )
  expect(await database.sql`select from store_customers`).toHaveLength(600)
  await session`select pg_stat_force_next_flush()`
  expect(
    await database.sql`select idx_scan as times from pg_stat_user_indexes where indexrelname = 'store_customers_by_tx'`,
  ).toEqual([{ times: 0 }])
})

it('the original of a return, and what a discount was for, are looked up by their id, though nothing was sold yet', async () => {
  const later = { now: () => noon }
  await post(session, [refund(earn())], later)
  await post(session, [apply(redeem(1))], later)
  for (let sale = 0; sale < 5; sale += 1) {
    const purchase = earn(100_000 + sale, { card: '100001' })
    const redemption = redeem(1, { card: '100001', purchaseKopecks: 50_000 + sale })
    await post(session, [purchase, redemption], later)
    await post(session, [refund(purchase, { refundKopecks: 100 })], later)
    await post(session, [apply(redemption)], later)
  }
  await session`select pg_stat_force_next_flush()`
  expect(
    await database.sql`
      select indexrelname as index, idx_scan as times from pg_stat_user_indexes
      where indexrelname in ('operations_of_store', 'operations_by_tx') order by 1`,
  ).toEqual([
    { index: 'operations_by_tx', times: 0 },
    { index: 'operations_of_store', times: 0 },
  ])
})

it('who has the phone of a merge, and who was merged before, are looked up by their key', async () => {
  const { sql } = database
  const couples = Array.from({ length: 50 }, (_, index) => [500_000 + index, 600_000 + index].map(String))
  await sql`insert into customers (card) select * from unnest(${couples.flat()}::text[])`
  await sql`
    insert into people (telegram_id, customer_id, language) select id, id, 'ru' from customers where card like '5%'`
  for (const [card = '', otherCard = ''] of couples)
    await post(session, [merge(otherCard, { card })], { now: () => noon })
  await session`select pg_stat_force_next_flush()`
  const [people] = await sql<{ rows: number }[]>`
    select (seq_tup_read + idx_tup_fetch)::int as rows from pg_stat_user_tables where relname = 'people'`
  expect(people?.rows).toBeLessThan(4 * couples.length)
  const [mergedBefore] = await sql`
    select idx_scan as times from pg_stat_user_indexes where indexrelname = 'customers_merged'`
  expect(mergedBefore).toEqual({ times: couples.length })
})

it('what was executed is looked up by its id, and not in an index that merely contains it', async () => {
  for (const kopecks of [1000, 2000])
    await post(session, [earn(kopecks, { card: '100001' })], { now: () => noon })
  await session`select pg_stat_force_next_flush()`
  const used = await database.sql<{ index: string }[]>`
    select indexrelname as index from pg_stat_user_indexes
    where relname = 'operations' and idx_scan > 0 order by indexrelname`
  expect(used.map(({ index }) => index)).toEqual(['operations_equal_purchases', 'operations_pkey'])
})
