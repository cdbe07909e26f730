import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { findCustomer } from '../ledger/read.ts'
import { adjust, earn, redeem } from '../ledger/testing/makers.ts'
import { expire } from './expire.ts'
import { addCustomers, execute, executeTogether, expectHealthy, midnight, noonOf } from './testing.ts'

describe('the expiry job', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
  })
  afterEach(() => database.drop())

  const death = midnight + 45 * DAY
  const balances = async () => {
    const rows = await database.sql<{ card: string; balance: number }[]>`
      select card, balance from customers order by card`
    return Object.fromEntries(rows.map(({ card, balance }) => [card, balance]))
  }

  it('writes off the lots that are dead at its time, and no other', async () => {
    const { sql } = database
    await addCustomers(sql, '111111', '222222', '333333')
    await execute(
      sql,
      earn(100_000, { card: '111111', at: noonOf(0) }),
      earn(50_000, { card: '111111', at: noonOf(1) }),
      earn(25_000, { card: '222222', at: noonOf(0) }),
      earn(10_000, { card: '333333', at: noonOf(1) }),
    )
    expect(await expire(sql, { now: death - 1 })).toEqual({ customers: 0, points: 0, failed: 0 })
    expect(await expire(sql, { now: death })).toEqual({ customers: 2, points: 50, failed: 0 })
    expect(await balances()).toEqual({ '111111': 20, '222222': 0, '333333': 4 })
    await expectHealthy(sql)
  })

  it('does nothing the second time', async () => {
    const { sql } = database
    await addCustomers(sql, '111111')
    await execute(sql, earn(100_000, { card: '111111', at: noonOf(0) }))
    await expire(sql, { now: death })
    const operations = await sql`select id from operations`
    expect(await expire(sql, { now: death })).toEqual({ customers: 0, points: 0, failed: 0 })
    expect(await sql`select id from operations`).toEqual(operations)
  })

  it('writes the system as its author and its own time into the operation', async () => {
    const { sql } = database
    await addCustomers(sql, '111111')
    await execute(sql, earn(100_000, { card: '111111', at: noonOf(0) }))
    await expire(sql, { now: death + 7200_000 })
    const at = death + 7200_000
    const rows =
      await sql`select author, at, recorded_at, points, status from operations where kind = 'expire'`
    expect(rows).toEqual([{ author: 'system:expire', at, recorded_at: at, points: 40, status: 'accepted' }])
  })

  it('reaches every customer of more than one batch, each once, however many dead lots they have', async () => {
    const { sql } = database
    const cards = Array.from({ length: 130 }, (_, index) => String(100_000 + index))
    await addCustomers(sql, ...cards)
    for (const day of [0, 1, 2])
      await executeTogether(
        sql,
        cards.map((card) => earn(2500 * (day + 1), { card, at: noonOf(day) })),
      )
    expect(await expire(sql, { now: death + 2 * DAY })).toEqual({
      customers: 130,
      points: 130 * 6,
      failed: 0,
    })
    const operations = await sql`select count(*) from operations where kind = 'expire'`
    expect(operations).toEqual([{ count: 130 }])
    await expectHealthy(sql)
  })

  it('is done once by several processes at the same moment', async () => {
    const { sql } = database
    const cards = Array.from({ length: 120 }, (_, index) => String(100_000 + index))
    await addCustomers(sql, ...cards)
    await executeTogether(
      sql,
      cards.map((card) => earn(25_000, { card, at: noonOf(0) })),
    )
    const runs = await Promise.all([1, 2, 3].map(() => expire(sql, { now: death })))
    runs.push(await expire(sql, { now: death })) // what a run found locked for too long is for the next one
    expect(runs.reduce((total, run) => total + run.points, 0)).toBe(1200)
    await expectHealthy(sql)
  })

  it('goes on past a customer whom somebody else holds, and counts them', async () => {
    const { sql } = database
    const cards = Array.from({ length: 150 }, (_, index) => String(100_000 + index))
    await addCustomers(sql, ...cards)
    await executeTogether(
      sql,
      cards.map((card) => earn(25_000, { card, at: noonOf(0) })),
    )
    await sql.begin(async (holder) => {
      await holder`select from customers where card = '100000' for update`
      expect(await expire(sql, { now: death })).toEqual({ customers: 149, points: 1490, failed: 1 })
    })
    expect(await expire(sql, { now: death })).toEqual({ customers: 1, points: 10, failed: 0 })
    await expectHealthy(sql)
  })

  it('leaves the points of a hold taken and the points of an erased customer not', async () => {
    const { sql } = database
    await addCustomers(sql, '111111', '222222')
    await execute(
      sql,
      earn(100_000, { card: '111111', at: noonOf(0) }),
      earn(100_000, { card: '222222', at: noonOf(0) }),
      redeem(30, { card: '111111', at: noonOf(44) }),
    )
    await sql`update customers set status = 'erased', first_name = null where card = '222222'`
    expect(await expire(sql, { now: death })).toEqual({ customers: 2, points: 50, failed: 0 })
    expect(await findCustomer(sql, '111111', death)).toMatchObject({ available: 0, held: 30 })
    await expectHealthy(sql)
  })

  it('ends after the batch it is at when its process stops', async () => {
    const { sql } = database
    await addCustomers(sql, '111111')
    await execute(sql, adjust(10, { card: '111111', at: noonOf(0) }))
    const signal = AbortSignal.abort()
    expect(await expire(sql, { now: death, signal })).toEqual({ customers: 0, points: 0, failed: 0 })
    expect(await expire(sql, { now: death })).toMatchObject({ customers: 1, points: 10 })
  })
})
