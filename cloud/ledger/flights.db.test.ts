import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { countRoundTrips } from '../testing/roundTrips.ts'
import { post } from './post.ts'
import type { Request } from './request.ts'
import { addStores, adjust, apply, earn, noon, redeem, refund, release } from './testing/makers.ts'

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

test.each(Object.entries(groups))('a group is two round trips: %s', async (_, make) => {
  const trips = async () => {
    const group = await make()
    const before = roundTrips()
    const outcomes = await send(sql, ...group)
    expect(outcomes.map(({ status }) => status)).toEqual(group.map(() => 'accepted'))
    return roundTrips() - before
  }
  // Postgres is asked what it makes of a statement before it is sent for the first time.
  await trips()
  expect(await trips()).toBe(2)
})
