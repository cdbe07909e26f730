import { randomUUIDv7 } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import type { Tx } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import type { Author } from './account.ts'
import { runAudit } from './audit.ts'
import { claimPendingHolds } from './claim.ts'
import { KeysEnded } from './endedKeys.ts'
import { post, postWithin } from './post.ts'
import { createQueue } from './queue.ts'
import type { Request } from './request.ts'
import { createWriter } from './writer.ts'

let database: TestDatabase
let writer: ReturnType<typeof createWriter>
beforeEach(async () => {
  database = await createTestDatabase()
  writer = createWriter(database, { now: Date.now })
  await database.sql`insert into stores (name) values ('Ашукино'), ('Правда')`
  await database.sql`
    insert into registers (store_id, name, key_hash) values (1, 'Касса 1', 'a'), (2, 'Касса 1', 'b')`
  await database.sql`insert into customers (card, first_name) values ('111111', 'Анна'), ('222222', 'Вера')`
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await writer.end()
  await database.drop()
})

const till: Author = { type: 'register', programmeId: 1, storeId: 1, registerId: 1 }
const stranger: Author = { type: 'register', programmeId: 1, storeId: 2, registerId: 2 }
const base = (author: Author = till) => ({ id: randomUUIDv7(), at: Date.now(), author })
const earn = (card = '111111', purchaseKopecks = 1_000_000): Request => ({
  ...{ ...base(), kind: 'earn', card, purchaseKopecks, confirmDuplicate: true },
})
const redeem = (points: number, via?: 'agent'): Request => ({
  ...{ ...base(), kind: 'redeem', card: '111111', purchaseKopecks: 1_000_000, points, ...(via && { via }) },
})
const refund = (original: Request, refundKopecks?: number): Request => ({
  ...{ ...base(), kind: 'refund', originalId: original.id, ...(refundKopecks && { refundKopecks }) },
})
const release = (hold: Request): Request => ({ ...base(), kind: 'release', redeemId: hold.id, reason: 'no' })
const apply = (hold: Request, author = till): Request => ({
  ...base(author),
  kind: 'apply',
  redeemId: hold.id,
})

const told = (outcomes: Outcome[]) =>
  outcomes.map((outcome) => (outcome.status === 'accepted' ? 'accepted' : outcome.code))

/** The first writer has executed its batch but not committed when the second begins and waits for it. */
const overlap = (first: Request[], second: Request[]) =>
  overlapWith((tx) => postWithin(tx, first, { now: Date.now }), second)

/**
 * A writer waits for a second at most, so it is the server that sees it wait, and the commit of the first one is there by
 * then: a busy machine lets nobody give up.
 */
async function overlapWith(first: (tx: Tx) => Promise<unknown>, second: Request[]): Promise<string[]> {
  const { sql } = database
  const queue = createQueue(writer.execute)
  let late: Promise<Outcome[]> | undefined
  await sql.begin(async (tx) => {
    await first(tx)
    await tx`set local statement_timeout = '60s'`
    // Sent, but not waited for: the commit follows it at once.
    tx`do $$
      begin
        while not exists (
          select from pg_locks
          where not granted and transactionid::text = (pg_current_xact_id()::xid)::text)
        loop
          perform pg_sleep(0.001);
        end loop;
      end $$`.execute()
    late = queue.submit(second)
  })
  return told((await late) ?? [])
}

test('a refund counts the refunds that another writer made while it waited', async () => {
  const bought = earn()
  expect(await overlap([bought, refund(bought, 600_000)], [bought, refund(bought, 600_000)])).toEqual([
    'accepted',
    'over_refund',
  ])
})

test('an undo finds the purchase that another writer executed while it waited', async () => {
  const bought = earn()
  expect(await overlap([bought], [bought, refund(bought)])).toEqual(['accepted', 'accepted'])
})

test("another store's apply is refused although the hold appeared while it waited", async () => {
  await post(database.sql, [earn()], { now: Date.now })
  const held = redeem(100)
  expect(await overlap([held], [held, apply(held, stranger)])).toEqual(['accepted', 'not_your_operation'])
})

test('a release finds the empty lot of a hold that appeared while it waited', async () => {
  await post(database.sql, [earn()], { now: Date.now })
  const held = redeem(400)
  expect(await overlap([held], [held, release(held)])).toEqual(['accepted', 'accepted'])
})

test('a hold that an agent takes while a writer waits for it is released as any other', async () => {
  const { sql } = database
  await post(sql, [earn()], { now: Date.now })
  const held = redeem(100, 'agent')
  await post(sql, [held], { now: Date.now })
  const claim = async (tx: Tx) =>
    expect(await claimPendingHolds(tx, 1, { now: Date.now(), holdSeconds: 90 })).toMatchObject([
      { id: held.id },
    ])
  expect(await overlapWith(claim, [release(held)])).toEqual(['accepted'])
  expect(await sql`select state from holds`).toEqual([{ state: 'released' }])
})

test('a key that ended while a writer waited for a hold executes nothing', async () => {
  const { sql } = database
  await post(sql, [earn()], { now: Date.now })
  const held = redeem(100)
  await post(sql, [held], { now: Date.now })
  const revoke = async (tx: Tx) => {
    await tx`select from holds for update`
    await tx`update registers set revoked_at = now() where id = 1`
  }
  const byKey: Author = { ...till, keyHash: Buffer.from('a').toString('hex') }
  await expect(overlapWith(revoke, [{ ...release(held), author: byKey }])).rejects.toBeInstanceOf(KeysEnded)
  expect(await sql`select state from holds`).toEqual([{ state: 'processing' }])
})

test('a customer whom a stuck session holds does not stop the others of the group', async () => {
  const { sql } = database
  const queue = createQueue(writer.execute)
  await sql.begin(async (stuck) => {
    await stuck`select from customers where card = '111111' for update`
    const replies = await Promise.allSettled([queue.submit([earn('111111')]), queue.submit([earn('222222')])])
    expect(replies.map((reply) => reply.status)).toEqual(['rejected', 'fulfilled'])
  })
  expect(told(await queue.submit([earn('111111')]))).toEqual(['accepted'])
})

test('however many equal purchases there are, one of them is enough to ask the cashier', async () => {
  const at = Date.now()
  const equal = (): Request => ({ ...earn(), at })
  for (let round = 0; round < 4; round += 1) {
    await post(database.sql, Array.from({ length: 500 }, equal), { now: Date.now })
  }
  const drain = Array.from(
    { length: 500 },
    (): Request => ({ ...equal(), confirmDuplicate: false }) as Request,
  )
  const outcomes = told(await post(database.sql, drain, { now: Date.now }))
  expect(new Set(outcomes)).toEqual(new Set(['duplicate_transaction']))
})

test('an outcome is told again as it was told first, also where a row of an older version says all of it', async () => {
  const { sql } = database
  const gift: Request = {
    ...{
      ...base({ type: 'admin', name: 'anna' }),
      kind: 'bonus',
      card: '111111',
      points: 500,
      reason: 'a gift',
    },
  }
  const [held, bought] = [redeem(100), earn()]
  const given = { ...redeem(50), purchaseKopecks: 900_000 } as Request
  const requests = [gift, held, apply(held), bought, refund(bought), given, release(given), apply(given)]
  const first = await post(sql, requests, { now: Date.now })
  expect(told(first).slice(-2)).toEqual(['accepted', 'already_resolved'])
  const again = first.map((outcome) => ({ ...outcome, replay: true }))
  expect(await post(sql, requests, { now: Date.now })).toEqual(again)
  for (const outcome of first)
    await sql`update operations set outcome = ${JSON.stringify(outcome)}::text::json where id = ${outcome.id}`
  expect(await post(sql, requests, { now: Date.now })).toEqual(again)
})

test('an outcome is stored without the name, and told again with the one the customer has now', async () => {
  const { sql } = database
  const bought = earn()
  await post(sql, [bought], { now: Date.now })
  const [row] = await sql<{ outcome: string }[]>`select outcome::text from operations`
  expect(row?.outcome).not.toContain('Анна')
  expect(await post(sql, [bought], { now: Date.now })).toMatchObject([
    { replay: true, customer: { firstName: 'Анна' } },
  ])
  await sql`update customers set first_name = null, status = 'erased' where card = '111111'`
  expect(await post(sql, [bought], { now: Date.now })).toMatchObject([
    { replay: true, customer: { firstName: null } },
  ])
})
