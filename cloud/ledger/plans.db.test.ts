import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Book, bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import { readBooks } from '../console/read/books.ts'
import { findKnown, readCustomer } from '../console/read/customer.ts'
import { listCustomers, searchCustomers } from '../console/read/customers.ts'
import { readDiscrepancies } from '../console/read/discrepancies.ts'
import { readTimeline } from '../console/read/timeline.ts'
import { connect, type Sql, type Tx } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { formatCursor, readStand } from '../feed/cursor.ts'
import { readOperations } from '../feed/operations.ts'
import { readAsOf } from '../feed/progress.ts'
import { prepareTransaction } from '../feed/reader.ts'
import { readBusyCards, readRegisterActivity } from '../fleet/activity.ts'
import { readFleet } from '../fleet/read.ts'
import { makeFacts } from '../insight/facts/definition.ts'
import { readMembers } from '../insight/reports/members.ts'
import { readStoresReport } from '../insight/reports/stores.ts'
import { readSubjects } from '../insight/segments/members.ts'
import { sweep } from '../jobs/sweep.ts'
import { evaluate } from '../statuses/evaluate.ts'
import { publishBook } from './books.ts'
import { readChanges } from './changes.ts'
import { readExpiryDays, readHistory } from './history.ts'
import { postWithin } from './post.ts'
import { findPurchases } from './purchases.ts'
import { countOpenHolds, findCustomer, latestOperations, openHoldsOfRegister } from './read.ts'
import type { Request } from './request.ts'
import { adjust, admin, apply, earn, merge, redeem, refund, release } from './testing/makers.ts'

// What a call reads may not grow with the history of the chain, nor with that of its customer, and what an operation reads not
// with the number of customers either. Postgres chooses its way to the rows once a session and keeps it: the session here has
// made its plans while the database was young.

const NOW: Instant = Date.parse('2025-12-07T12:00:00.000Z')
const CARD = '100001'
const CUSTOMERS = 100
const CUSTOMER_ID = 1
/** Has got a gift, and never came. */
const QUIET_CUSTOMER_ID = 101

/** A reader of the feed that has read nothing yet. */
const FAR_BEHIND = 'far behind'

let database: TestDatabase
/** One session, so that what it read can be told apart from what others did. */
let session: Sql
beforeAll(async () => {
  database = await createTestDatabase()
  session = connect(database.url, { poolSize: 1 })
  const { sql } = database
  await sql`insert into stores (name) values ('Ашукино'), ('Софрино')`
  await sql`
    insert into registers (store_id, name, key_hash) values (1, 'Касса 1', '\\x01'), (2, 'Касса 2', '\\x02')`
  await sql`insert into customers (card) select (100000 + i)::text from generate_series(1, ${CUSTOMERS} + 1) i`
  await sql`insert into people (telegram_id, customer_id, language) select id, id, 'ru' from customers`
  const gifts = Array.from({ length: CUSTOMERS + 1 }, (_, i) =>
    adjust(10_000, { card: String(100_001 + i), at: NOW }),
  )
  await post(sql, gifts)
  const stand = await sql.begin((sql) => readStand(sql))
  const cursor = formatCursor({ follow: { tx: 0, lastId: 0 } }, stand)
  await sql`insert into feed_readers (name, cursor, basis) values (${FAR_BEHIND}, ${cursor}, '')`
})
afterAll(async () => {
  await session.end()
  await database.drop()
})

let purchases = 0
/** No two of a customer look alike. */
const nextKopecks = () => 100_000 + ++purchases * 100
const ours = (changes: object = {}) => ({ card: CARD, at: NOW, purchaseKopecks: nextKopecks(), ...changes })
const later = { at: NOW }
let lostCards = 0

async function post(sql: Sql, requests: Request[]): Promise<void> {
  const outcomes = await sql.begin((sql) => postWithin(sql, requests, { now: () => NOW }))
  expect(outcomes.filter(({ status }) => status !== 'accepted')).toEqual([])
}

/** Blocks of tables and indexes that the session reads in a call, found in memory or not. */
async function blocksOf(call: () => Promise<unknown>): Promise<number> {
  const before = await blocks()
  await call()
  return (await blocks()) - before
}
async function blocks(): Promise<number> {
  await session`select pg_stat_force_next_flush()`
  const [row] = await database.sql<{ blocks: number }[]>`
    select sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0))::bigint as blocks
    from pg_statio_user_tables`
  return row?.blocks ?? 0
}

/** What each operation needs before it can be measured. */
const operations: Record<string, (sql: Sql) => Promise<Request>> = {
  earn: async () => earn(0, ours()),
  redeem: async () => redeem(10, ours()),
  async apply(sql) {
    const redemption = redeem(10, ours())
    await post(sql, [redemption])
    return apply(redemption, later)
  },
  async release(sql) {
    const redemption = redeem(10, ours())
    await post(sql, [redemption])
    return release(redemption, later)
  },
  async refund(sql) {
    const purchase = earn(0, ours())
    await post(sql, [purchase])
    return refund(purchase, { ...later, refundKopecks: 100 })
  },
  async 'refund of a redemption'(sql) {
    const redemption = redeem(10, ours())
    await post(sql, [redemption, apply(redemption, later)])
    return refund(redemption, { ...later, refundKopecks: 100 })
  },
  adjust: async () => adjust(5, { card: CARD, at: NOW }),
  async merge(sql) {
    const lost = String(190_000 + ++lostCards)
    await sql`insert into customers (card) values (${lost})`
    return merge(lost, { ...later, card: CARD, author: admin })
  },
}

const purchasesOfStore = {
  ...{ programmeId: 1, storeId: 1, receipt: undefined, card: undefined, day: undefined },
  ...{ returnsOf: 'programme' as const, zone: 'Europe/Moscow', limit: 20, now: NOW },
}

const zone = 'Europe/Moscow'
const all = { programmes: null, stores: null }
const place = { programmeId: 1, name: '', timeZone: zone, stores: null }
const page = { place, state: undefined, after: undefined, limit: 20, now: NOW }
const known = async (sql: Sql) => {
  const found = await findKnown(sql, CUSTOMER_ID, all)
  if (!found) throw new Error('our customer is not there')
  return found
}

const looks: Record<string, (sql: Sql) => Promise<unknown>> = {
  'a customer': (sql) => findCustomer(sql, CARD, NOW),
  'what a register has to settle': (sql) => openHoldsOfRegister(sql, 1, 1),
  'the list of a store': (sql) => latestOperations(sql, 1, 20),
  'a purchase by its receipt': (sql) => findPurchases(sql, { ...purchasesOfStore, receipt: 'A-000042' }),
  'the purchases of a day': (sql) => findPurchases(sql, purchasesOfStore),
  'the purchases of a card, in every store': (sql) => findPurchases(sql, { ...purchasesOfStore, card: CARD }),
  'how many holds are open': countOpenHolds,
  'what changed since a moment ago': async (sql) => {
    const first = await readChanges(sql, {
      programmeId: 1,
      storeId: 1,
      since: undefined,
      limit: 1000,
      now: NOW,
    })
    return await readChanges(sql, { programmeId: 1, storeId: 1, since: first.cursor, limit: 1000, now: NOW })
  },
  'the days on which points die': (sql) => readExpiryDays(sql, CUSTOMER_ID, NOW),
  'the first page of a history': (sql) =>
    readHistory(sql, CUSTOMER_ID, { before: undefined, limit: 20, shownDays: 45, now: NOW }),
  'the fleet': (sql) => readFleet(sql, NOW),
  'what registers did lately': (sql) => readRegisterActivity(sql, NOW),
  'cards that earn often': (sql) =>
    readBusyCards(sql, { above: [{ programmeId: 1, purchases: 10 }], now: NOW }),
  'the sweep of holds': (sql) => sweep(sql, { now: NOW }),
  'a page of the feed, from far behind': (sql) =>
    sql.begin(async (sql) => {
      await prepareTransaction(sql)
      await readOperations(sql, { tx: 0, lastId: 0 }, { stand: await readStand(sql), limit: 100 })
    }),
  'how far a reader of the feed is': (sql) => sql.begin((sql) => readAsOf(sql, FAR_BEHIND, NOW)),
  'the page of a customer in the console': async (sql) =>
    readCustomer(sql, await known(sql), { now: NOW, timeZone: zone }),
  'the first page of a timeline': async (sql) =>
    readTimeline(sql, { customer: await known(sql), after: undefined, limit: 20 }),
  'the messages of a timeline': async (sql) =>
    readTimeline(sql, { customer: await known(sql), type: 'message', after: undefined, limit: 20 }),
  'a page of customers': (sql) => listCustomers(sql, { ...page, sort: 'newest' }),
  'a customer by their card': (sql) => searchCustomers(sql, CARD, page),
  'a customer by a receipt': (sql) => searchCustomers(sql, 'A-000042', page),
  'a customer by an operation': (sql) => searchCustomers(sql, '0198c5a8-7b1e-7c3a-9f00-000000000001', page),
  'the discrepancies': (sql) =>
    readDiscrepancies(sql, { place, sees: all, state: 'open', before: undefined, limit: 20 }),
  // Of a time after all that was sold: what is over is not looked at.
  'whether members come back': (sql) => readMembers(sql, { ...place, now: NOW + 100 * DAY }),
  'stores side by side': (sql) =>
    readStoresReport(sql, { ...place, since: NOW + DAY, until: NOW + 2 * DAY, now: NOW + 2 * DAY }),
  'the versions of the book': (sql) => readBooks(sql, { programmeId: 1, limit: 20, now: NOW }),
}

const ladder: Book = {
  ...bookDocumentSchema.parse({
    statuses: [
      { name: 'silver', title: 'Серебро', colour: '#8d99a6', from: 1_000_000, cashback_basis_points: 500 },
    ],
  }),
  ...{ version: 1, validFrom: NOW - DAY, timeZone: zone },
}

/** What readers of the feed make of a customer of whom they hear. */
const followers: Record<string, (sql: Tx) => Promise<unknown>> = {
  facts: (sql) => makeFacts(sql, { customerIds: [QUIET_CUSTOMER_ID], timeZone: zone }),
  status: (sql) =>
    evaluate(sql, {
      ...{ customerIds: [QUIET_CUSTOMER_ID], ladders: new Map([[1, ladder]]), by: 'purchase', now: NOW },
    }),
  segments: (sql) => readSubjects(sql, [QUIET_CUSTOMER_ID], { entryStatuses: new Map(), withMonths: true }),
}

type Measured = Record<string, number>

/** Often enough that Postgres keeps a plan for good. */
const ROUNDS = 8

async function measureOperations(): Promise<Measured> {
  const measured: Measured = {}
  for (const [name, prepare] of Object.entries(operations)) {
    const blocks: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const request = await prepare(database.sql)
      blocks.push(await blocksOf(() => post(session, [request])))
      if (request.kind === 'redeem') await post(database.sql, [release(request, later)])
    }
    measured[name] = lastOf(blocks)
  }
  return measured
}

async function measureFollowers(): Promise<Measured> {
  const measured: Measured = {}
  for (const [name, follow] of Object.entries(followers))
    measured[name] = await leastBlocksOf(() =>
      session.begin(async (sql) => {
        await prepareTransaction(sql)
        await follow(sql)
      }),
    )
  return measured
}

async function measureLooks(): Promise<Measured> {
  const measured: Measured = {}
  for (const [name, look] of Object.entries(looks)) measured[name] = await leastBlocksOf(() => look(session))
  return measured
}

async function leastBlocksOf(call: () => Promise<unknown>): Promise<number> {
  const blocks: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) blocks.push(await blocksOf(call))
  return lastOf(blocks)
}

/** The least of the last few: a split page or a vacuum is of no concern. */
const lastOf = (blocks: number[]) => Math.min(...blocks.slice(-3))

/** What is about one customer, whoever else there is. */
const measureOne = async () => ({ ...(await measureOperations()), ...(await measureFollowers()) })
const measureAll = async () => ({ ...(await measureOne()), ...(await measureLooks()) })

/**
 * Redemptions of the past year, each applied, a tenth of them by our customer: copies of one that the ledger made.
 */
async function addHistory(sql: Sql, redemptions: number): Promise<void> {
  const redemption = redeem(10, { ...ours(), at: NOW })
  const end = apply(redemption, later)
  await post(sql, [redemption, end])
  const columns = sql`
    kind, status, store_id, register_id, author, points, receipt, reason, content, earned, spent, outcome, quote`
  await sql.begin(async (sql) => {
    // To write a year is work, whatever the machine has to do beside it.
    await sql`select set_config('statement_timeout', '0', true)`
    await sql`
    with made as (
      select gen_random_uuid() as id, gen_random_uuid() as apply_id,
        case when i % 10 = 0 then ${CUSTOMER_ID} else 1 + i % ${CUSTOMERS} end as customer_id,
        ${toIso(NOW - 2 * DAY)}::timestamptz - i * interval '30 seconds' as at
      from generate_series(1, ${redemptions}::int) i
    ), redeemed as (
      insert into operations (programme_id, customer_id, id, at, recorded_at, purchase_kopecks, ${columns})
      select 1, made.customer_id, made.id, made.at, made.at, 12345, ${columns}
      from made, operations where operations.id = ${redemption.id}
    ), applied as (
      insert into operations (programme_id, customer_id, id, at, recorded_at, reference_id, ${columns})
      select 1, made.customer_id, made.apply_id, made.at, made.at, made.id, ${columns}
      from made, operations where operations.id = ${end.id}
    )
    insert into holds (
      programme_id, customer_id, id, store_id, register_id, state, points, voucher_kopecks, purchase_kopecks, until, resolved_by, parts)
    select 1, made.customer_id, made.id, 1, 1, 'applied', 10, 0, 12345, made.at, made.apply_id, holds.parts
    from made, holds where holds.id = ${redemption.id}`
  })
}

/** Who bought a few times and has the points of it, in stores where everybody was seen. */
async function addCustomers(sql: Sql, customers: number): Promise<void> {
  await sql.begin(async (sql) => {
    await sql`
      insert into customers (card, balance, last_entry)
      select (200000 + i)::text, 15, 3 from generate_series(1, ${customers}::int) i`
    await sql`insert into people (telegram_id, customer_id, language) select id, id, 'ru' from customers where card >= '200000'`
    await sql`
      insert into lots (customer_id, active_from, expires_at, points, remaining, expired, forgiven)
      select id, ${toIso(NOW)}::timestamptz - day * interval '1 day', ${toIso(NOW)}::timestamptz + day * interval '1 day', 5, 5, 0, 0
      from customers, generate_series(1, 3) day where card >= '200000'`
    await sql`
      insert into entries (customer_id, seq, kind, points, balance_before, balance_after, at, lot_active_from, lot_expires_at)
      select customer_id, row_number() over of_customer, 'opening', 5, 5 * (row_number() over of_customer - 1),
        5 * row_number() over of_customer, active_from, active_from, expires_at
      from lots join customers on customers.id = customer_id where card >= '200000'
      window of_customer as (partition by customer_id order by expires_at)`
    await sql`
      insert into store_customers (programme_id, store_id, customer_id, last_seen_at)
      select 1, stores.id, customers.id, ${toIso(NOW)} from customers, stores where card >= '200000'`
  })
}

/** Forty times the rows make an index deeper, and rows that lay in one block lie in several. */
const grown = (blocks: Measured, young: Measured) =>
  Object.entries(blocks).filter(([name, count]) => count > 3 * (young[name] ?? 0) + 30)

describe('what a call reads', () => {
  it('does not grow with the customers', async () => {
    await measureOne()
    await database.sql`analyze`
    const young = await measureOne()
    await addCustomers(database.sql, 40 * CUSTOMERS)
    expect(grown(await measureOne(), young)).toEqual([])
    await database.sql`analyze`
    expect(grown(await measureOne(), young)).toEqual([])
  })

  it('does not grow with the history', async () => {
    await addHistory(database.sql, 500)
    await measureAll()
    await database.sql`analyze`
    const young = await measureAll()
    await addHistory(database.sql, 20_000)
    expect(grown(await measureOne(), young)).toEqual([])
    await database.sql`analyze`
    expect(grown(await measureAll(), young)).toEqual([])
  })
})

it('what a book with rules asks is looked up by customer', async () => {
  const { sql } = database
  const document = bookDocumentSchema.parse({
    rules: [{ id: 'gift', title: 'Подарок', award: { type: 'points', points: 3 }, uses: { per_day: 1000 } }],
    limits: { points_per_customer_day: 100_000 },
  })
  await sql.begin((sql) =>
    publishBook(sql, {
      programmeId: 1,
      document,
      validFrom: NOW - DAY,
      now: NOW,
      by: 'admin:anna',
      reason: 'test',
    }),
  )
  await sql`analyze`
  const sell = () => post(session, [earn(0, ours())])
  const blocksOfSale = () => leastBlocksOf(sell)
  const young = await blocksOfSale()
  await sql`
    insert into rule_uses (customer_id, period, rule_id, uses)
    select id, 'total', 'gift', 1 from customers where card >= '200000'`
  await sql`
    insert into customer_days (customer_id, day, points, purchases)
    select id, '2025-12-06', 3, 1 from customers where card >= '200000'`
  expect(await blocksOfSale()).toBeLessThan(young + 30)
})

it('a lot whose points change is written in its page, and no index of it is', async () => {
  const cards = Array.from({ length: 20 }, (_, index) => String(100_050 + index))
  const sell = () =>
    post(
      session,
      cards.map((card) => earn(0, ours({ card }))),
    )
  await sell()
  const before = await updatesOfLots()
  for (let round = 0; round < 5; round += 1) await sell()
  const after = await updatesOfLots()
  expect(after.all - before.all).toBe(100)
  // Now and then a page is full.
  expect(after.inPage - before.inPage).toBeGreaterThan(90)
})

async function updatesOfLots(): Promise<{ all: number; inPage: number }> {
  await session`select pg_stat_force_next_flush()`
  const [row] = await database.sql<{ all: number; inPage: number }[]>`
    select n_tup_upd as all, n_tup_hot_upd as "inPage" from pg_stat_user_tables where relname = 'lots'`
  if (!row) throw new Error('Postgres does not count what it does to lots')
  return row
}

it('whether a purchase is equal to another is not looked up among all of a busy moment', async () => {
  const busy = { card: String(100_040) }
  const sell = (count: number) =>
    post(
      session,
      Array.from({ length: count }, () => earn(0, ours(busy))),
    )
  const blocksOfSale = () => leastBlocksOf(() => sell(1))
  const quiet = await blocksOfSale()
  for (let round = 0; round < 4; round += 1) await sell(250)
  expect(await blocksOfSale()).toBeLessThan(2 * quiet)
})
