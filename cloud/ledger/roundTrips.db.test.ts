import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Sql } from '../database/connect.ts'
import { isOutage } from '../database/outage.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { countRoundTrips } from '../testing/roundTrips.ts'
import { post } from './post.ts'
import type { Request } from './request.ts'
import { addStores, adjust, apply, earn, noon, redeem, refund, release } from './testing/makers.ts'
import { createWriter } from './writer.ts'

const CARD = '111111'

let database: TestDatabase
let sql: Sql
let roundTrips: () => number
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  await database.sql`insert into customers (card) values (${CARD})`
  await send(database.sql, adjust(5_000, { card: CARD }))
  sql = connect(database.url, { poolSize: 1 })
  roundTrips = countRoundTrips(sql)
})
afterAll(async () => {
  await sql.end()
  await database.drop()
})

const send = (sql: Sql, ...requests: Request[]) => post(sql, requests, { now: () => noon })

let purchases = 0
const nextKopecks = () => 10_000 + ++purchases * 100
const next = () => ({ card: CARD, purchaseKopecks: nextKopecks() })

/** Each operation after what it needs. */
const groups: Record<string, () => Promise<Request[]>> = {
  earns: async () => [earn(0, next()), earn(0, next())],
  'a redemption and its apply': async () => {
    const held = redeem(1, next())
    return [held, apply(held)]
  },
  'an apply': async () => {
    const held = redeem(1, next())
    await send(database.sql, held)
    return [apply(held)]
  },
  'a release': async () => {
    const held = redeem(1, next())
    await send(database.sql, held)
    return [release(held)]
  },
  'a refund beside an earn': async () => {
    const bought = earn(0, next())
    await send(database.sql, bought)
    return [refund(bought), earn(0, next())]
  },
}

test.each(Object.entries(groups))('a group is three round trips: %s', async (_, make) => {
  const trips = async () => {
    const group = await make()
    const before = roundTrips()
    const outcomes = await send(sql, ...group)
    expect(outcomes.map(({ status }) => status)).toEqual(group.map(() => 'accepted'))
    return roundTrips() - before
  }
  // Postgres is asked what it makes of a statement before it is sent for the first time.
  await trips()
  expect(await trips()).toBe(3)
})

test.each(Object.entries(groups))('the writer begins and loads in one: %s', async (_, make) => {
  const { execute, trips, end } = countedWriter()
  const spent: number[] = []
  for (let time = 0; time < 2; time += 1) {
    const group = await make()
    const before = trips()
    await execute(group)
    spent.push(trips() - before)
  }
  expect(spent[1]).toBe(2)
  await end()
})

test('a group right behind another one is one round trip', async () => {
  const { execute, trips, end } = countedWriter()
  await execute([earn(0, next())])
  const before = trips()
  const replies: Promise<unknown>[] = []
  for (let group = 0; group < 10; group += 1) {
    const { promise: sent, resolve: onSent } = Promise.withResolvers<void>()
    replies.push(execute([earn(0, next())], { before: replies.at(-1) ?? Promise.resolve(), onSent }))
    await sent
  }
  await Promise.all(replies)
  expect(trips() - before).toBe(10 + 1)
  await end()
})

function countedWriter() {
  let trips = () => 0
  const open = (url: string) => {
    const opened = connect(url, { poolSize: 1 })
    trips = countRoundTrips(opened)
    return opened
  }
  return { ...createWriter(database, { now: () => noon }, open), trips: () => trips() }
}

test('a connection that dies while a group waits fails it as an outage, and a later group has a new one', async () => {
  const lost = connect(database.url, { poolSize: 1, name: 'kopilka lost' })
  const sale = earn(0, next())
  await database.sql.begin(async (sql) => {
    await sql`select from customers where card = ${CARD} for update`
    const failed = expect(send(lost, sale)).rejects.toSatisfy(isOutage)
    while (
      (
        await database.sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'kopilka lost' and wait_event_type = 'Lock'`
      ).length === 0
    );
    await failed
  })
  // The driver may have something left to say of the old connection.
  const again = () => send(lost, sale).catch((error) => (isOutage(error) ? null : Promise.reject(error)))
  let outcomes = await again()
  while (outcomes === null) outcomes = await again()
  expect(outcomes).toMatchObject([{ status: 'accepted', replay: false }])
  await lost.end()
})

test('a group that fails gives its connection back, and its customers', async () => {
  await database.sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`
  await database.sql`create trigger refuse before insert on operations for each row execute function refuse()`
  await expect(send(sql, earn(0, next()))).rejects.toThrow('no')
  // This one would wait for ever if the only connection were not back.
  const judgement = () => {
    throw new Error('a bug')
  }
  const bug = post(sql, [earn(0, next())], { now: judgement })
  await expect(bug).rejects.toThrow('a bug')
  await database.sql`drop trigger refuse on operations`
  expect(await database.sql`select from pg_locks where locktype = 'transactionid' and not granted`).toEqual(
    [],
  )
  expect(await send(sql, earn(0, next()))).toMatchObject([{ status: 'accepted' }])
})
