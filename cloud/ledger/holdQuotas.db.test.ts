import { randomUUIDv7 } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { performWithin } from '../acts/act.ts'
import { revokeKey } from '../acts/registers.ts'
import { byAdmin } from '../acts/testing.ts'
import { createTestDatabase, insist, type TestDatabase } from '../database/testing.ts'
import type { Author } from './account.ts'
import { runAudit } from './audit.ts'
import { post, postWithin } from './post.ts'
import type { Request } from './request.ts'

const cards = Array.from({ length: 30 }, (_, index) => String(111_111 + index))
const till: Author = { type: 'register', programmeId: 1, storeId: 1, registerId: 1 }
const neighbour: Author = { type: 'register', programmeId: 1, storeId: 1, registerId: 2 }

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  const { sql } = database
  await sql`insert into stores (name) values ('Ашукино')`
  await sql`insert into registers (store_id, name, key_hash) values (1, 'Касса 1', 'a'), (1, 'Касса 2', 'b')`
  await sql`insert into customers (card) select card from unnest(${cards}::text[]) as card`
  const author: Author = { type: 'admin', name: 'anna' }
  const gifts = cards.map(
    (card): Request => ({ ...base(author), kind: 'adjust', card, points: 100, reason: 'gift' }),
  )
  await send(...gifts)
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await database.drop()
})

const base = (author: Author = till) => ({ id: randomUUIDv7(), at: Date.now(), author })
const redeem = (card: string | undefined, author = till): Request => ({
  ...{ ...base(author), kind: 'redeem', card: card ?? '', purchaseKopecks: 1_000_000, points: 10 },
})
const release = (hold: Request | undefined): Request => ({
  ...{ ...base(), kind: 'release', redeemId: hold?.id ?? '', reason: 'not taken' },
})
const send = (...requests: Request[]) => post(database.sql, requests, { now: Date.now })
const told = (outcomes: Outcome[]) =>
  outcomes.map((outcome) => (outcome.status === 'accepted' ? 'accepted' : outcome.code))
const counted = (words: string[]) =>
  Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((one) => one === word).length]))

test('a register has five holds open at most, of however many customers, in one batch', async () => {
  const asked = cards.map((card) => redeem(card))
  const outcomes = await send(...asked)
  expect(told(outcomes.slice(0, 5))).toEqual(Array(5).fill('accepted'))
  expect(counted(told(outcomes.slice(5)))).toEqual({ too_many_holds: 25 })
  expect(outcomes[5]).toMatchObject({ details: { open: 5, limit: 5 } })
  expect(await database.sql`select sum(balance)::int as points from customers`).toEqual([{ points: 2950 }])
  // Room that a hold of the batch has left is room again; what was refused stays refused.
  expect(told(await send(release(asked[0]), redeem(cards[9]), redeem(cards[10])))).toEqual([
    'accepted',
    'accepted',
    'too_many_holds',
  ])
  expect(await send(asked[5] ?? redeem(cards[5]))).toMatchObject([{ code: 'too_many_holds', replay: true }])
  expect(told(await send(redeem(cards[11], neighbour)))).toEqual(['accepted'])
})

test('a register has five holds open at most, however many writers ask at the same moment', async () => {
  const asked = cards.map((card) => redeem(card))
  const outcomes = await Promise.all(asked.map((request) => insist(() => send(request))))
  expect(counted(told(outcomes.flat()))).toEqual({ accepted: 5, too_many_holds: 25 })
})

/** The other writer has done its work but not committed when this one begins, and waits for it. */
async function waitingFor(work: Parameters<TestDatabase['sql']['begin']>[1], request: Request) {
  let late: Promise<Outcome[]> | undefined
  await database.sql.begin(async (sql) => {
    await work(sql)
    await sql`set local statement_timeout = '60s'`
    // Sent, but not waited for: the commit follows it at once.
    sql`do $$
      begin
        while not exists (
          select from pg_locks
          where not granted and transactionid::text = (pg_current_xact_id()::xid)::text)
        loop
          perform pg_sleep(0.001);
        end loop;
      end $$`.execute()
    late = send(request)
  })
  return await late
}

test('a hold counts the one that another writer opened for another customer while it waited', async () => {
  await send(...cards.slice(0, 4).map((card) => redeem(card)))
  const first = redeem(cards[4])
  const work = (sql: Parameters<typeof postWithin>[0]) => postWithin(sql, [first], { now: Date.now })
  expect(await waitingFor(work, redeem(cards[5]))).toMatchObject([{ code: 'too_many_holds' }])
})

test('a register whose key was revoked while its redemption waited gets no hold', async () => {
  const work = (sql: Parameters<typeof postWithin>[0]) =>
    performWithin(sql, revokeKey, { register: 1 }, byAdmin(database.sql))
  expect(await waitingFor(work, redeem(cards[0]))).toMatchObject([
    { code: 'too_many_holds', details: { open: 0, limit: 0 } },
  ])
})

test('a programme may allow more', async () => {
  await database.sql`update programmes set settings = '{"max_open_holds": 7}'`
  expect(counted(told(await send(...cards.map((card) => redeem(card)))))).toEqual({
    accepted: 7,
    too_many_holds: 23,
  })
})
