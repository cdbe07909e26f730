import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { addStores, adjust, earn, redeem } from '../ledger/testing/makers.ts'
import { addPeople } from '../notifications/testing.ts'
import { remind } from './remind.ts'
import { addCustomers, execute, midnight, noonOf } from './testing.ts'

const death = midnight + 45 * DAY
/** In the morning of the day that is so many days before the points die. */
const morning = (daysBefore: number) => death - daysBefore * DAY + 7 * 3_600_000

describe('the reminder of points that die', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addStores(database.sql)
  })
  afterEach(() => database.drop())

  const planned = async () => [
    ...(await database.sql`
      select card, kind, reference, due_at from notifications join customers on customers.id = customer_id
      where kind = 'expiring' order by card, reference`),
  ]
  const earned = (card: string, day: number) => execute(database.sql, earn(25_000, { card, at: noonOf(day) }))

  it('is planned three days before, for each day of death once, whoever runs it how often', async () => {
    const { sql } = database
    await addPeople(sql, '111111', '222222')
    await earned('111111', 0)
    await execute(sql, adjust(7, { card: '111111', at: noonOf(0) }))
    await earned('111111', 1)
    await earned('222222', 3)
    expect(await remind(sql, { now: morning(4) })).toEqual({ lots: 0, planned: 0 })
    expect(await remind(sql, { now: morning(3) })).toEqual({ lots: 1, planned: 1 })
    expect(await planned()).toEqual([
      { card: '111111', kind: 'expiring', reference: '2026-01-21', due_at: morning(3) },
    ])
    await Promise.all([1, 2, 3].map(() => remind(sql, { now: morning(2) })))
    expect((await planned()).map(({ card, reference }) => [card, reference])).toEqual([
      ['111111', '2026-01-21'],
      ['111111', '2026-01-22'],
    ])
  })

  it('that was missed is made up for until the points are dead', async () => {
    const { sql } = database
    await addPeople(sql, '111111', '222222')
    await earned('111111', 0)
    expect(await remind(sql, { now: death })).toMatchObject({ planned: 0 })
    expect(await remind(sql, { now: death - 1 })).toMatchObject({ planned: 1 })
  })

  it('is for living points of who wants it and can be reached', async () => {
    const { sql } = database
    await addPeople(sql, '111111', '222222', '333333', '444444')
    await addCustomers(sql, '555555')
    for (const card of ['111111', '222222', '333333', '444444', '555555']) await earned(card, 0)
    await execute(sql, redeem(10, { card: '444444', at: noonOf(1) }))
    await sql`update people set notify_expiry = false where telegram_id = 1001`
    await sql`update people set unreachable_since = now() where telegram_id = 1002`
    expect(await remind(sql, { now: morning(3) })).toEqual({ lots: 4, planned: 1 })
    expect((await planned()).map(({ card }) => card)).toEqual(['333333'])
  })

  it('comes to a frozen customer, and to who is of a frozen programme, only when they can spend them again', async () => {
    const { sql } = database
    await addPeople(sql, '111111')
    await earned('111111', 0)
    await sql`update customers set status = 'frozen'`
    expect(await remind(sql, { now: morning(3) })).toEqual({ lots: 1, planned: 0 })
    await sql`update customers set status = 'active'`
    await sql`update programmes set frozen_at = now()`
    expect(await remind(sql, { now: morning(3) })).toEqual({ lots: 1, planned: 0 })
    await sql`update programmes set frozen_at = null`
    expect(await remind(sql, { now: morning(2) })).toEqual({ lots: 1, planned: 1 })
  })

  it('reaches everybody of more than one batch, each once, wherever a run dies', async () => {
    const { sql } = database
    const [people, batch] = [240, 100]
    await plant(sql, people)
    const once = countedSql(sql)
    await remind(once.sql, { now: morning(3) }, batch)
    expect(once.count()).toBe(4)
    const [total] = await sql`select count(*) from notifications`
    expect(total).toEqual({ count: people })
    for (let dieAt = 1; dieAt <= once.count(); dieAt += 1) {
      await sql`truncate notifications`
      const dying = countedSql(sql, dieAt)
      await expect(remind(dying.sql, { now: morning(3) }, batch)).rejects.toThrow('died')
      const [half] = await sql<{ count: number }[]>`select count(*) from notifications`
      expect(half?.count).toBe(Math.min((dieAt - 1) * batch, people))
      expect(await remind(sql, { now: morning(3) })).toEqual({
        lots: people,
        planned: people - (half?.count ?? 0),
      })
    }
    const [row] = await sql`select count(*), count(distinct customer_id) as people from notifications`
    expect(row).toEqual({ count: people, people })
  })

  it('ends after the batch it is at when its process stops', async () => {
    const { sql } = database
    await addPeople(sql, '111111')
    await earned('111111', 0)
    expect(await remind(sql, { now: morning(3), signal: AbortSignal.abort() })).toEqual({
      lots: 0,
      planned: 0,
    })
  })
})

/** People with 100 points each that die at `death`, and no more of a ledger than that. */
async function plant(sql: Sql, people: number): Promise<void> {
  await sql`
    with customer as (
      insert into customers (card, balance)
      select (200000 + n)::text, 100 from generate_series(1, ${people}::int) n returning id
    ), operation as (
      insert into operations (programme_id, customer_id, id, kind, status, author, at, recorded_at, content, outcome)
      select 1, id, gen_random_uuid(), 'bonus', 'accepted', 'system:test', now(), now(), '', '{}' from customer
      returning customer_id, id
    ), lot as (
      insert into lots (customer_id, active_from, expires_at, points, remaining, expired, forgiven)
      select customer_id, 'epoch', to_timestamp(${death / 1000}), 100, 100, 0, 0 from operation
    )
    insert into people (telegram_id, customer_id, language)
    select id, id, 'ru' from customer`
}

/** Counts what the database is asked, and dies instead of asking for the n-th time. */
function countedSql(sql: Sql, dieAt = Number.POSITIVE_INFINITY) {
  let count = 0
  const counted = new Proxy(sql, {
    apply(target, self, args) {
      count += 1
      if (count >= dieAt) return Promise.reject(new Error('died'))
      return Reflect.apply(target as never, self, args)
    },
  })
  return { sql: counted, count: () => count }
}
