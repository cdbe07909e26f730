import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Instant, MINUTE } from '../../../shared/time.ts'
import { restore } from '../../backup/restore.ts'
import { backUpTo } from '../../backup/testing.ts'
import type { Sql } from '../../database/connect.ts'
import { createBareDatabase, createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { readOn, takeTurn } from '../../feed/reader.ts'
import { retention } from '../../jobs/retention.ts'
import { runJob } from '../../jobs/run.ts'
import { addCustomers, execute } from '../../jobs/testing.ts'
import { post } from '../../ledger/post.ts'
import type { Request } from '../../ledger/request.ts'
import {
  addSecondProgramme,
  adjust,
  apply,
  earn,
  expire,
  foreigner,
  judgeBy,
  neighbour,
  redeem,
  refund,
  release,
  stranger,
} from '../../ledger/testing/makers.ts'
import { checkFacts, rebuildFacts } from './check.ts'
import { createFactsJob, factsCheckJob } from './jobs.ts'
import { readFacts } from './read.ts'
import { createFactsReader, FACTS } from './reader.ts'

const card = '123456'
const timeZone = 'Europe/Moscow'
const at = (text: string): Instant => Date.parse(`${text}:00.000Z`)
const noon = at('2025-12-07T12:00')

let database: TestDatabase
let sql: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  sql = database.sql
  await addCustomers(sql, card)
})
afterEach(() => database.drop())

const reader = createFactsReader(timeZone)
const factsOf = (customerId = 1, now = noon + DAY) =>
  sql.begin('isolation level repeatable read', (sql) => readFacts(sql, customerId, now))

/** What is known after these, and what differs from a rebuild: nothing. */
async function factsAfter(...requests: Request[]) {
  await execute(sql, ...requests)
  await readOn(sql, reader)
  expect(await checkFacts(sql, { timeZone })).toMatchObject({ unread: 0, differing: 0 })
  return await factsOf()
}

const month = (month: string, purchases: number, netKopecks: number) => ({ month, purchases, netKopecks })

describe('the facts about a customer', () => {
  it('are nothing before anything has happened', async () => {
    expect(await factsOf()).toMatchObject({ purchases: 0, averageReceiptKopecks: null, asOf: null })
    await readOn(sql, reader)
    expect(await factsOf()).toEqual({
      purchases: 0,
      netKopecks: 0,
      averageReceiptKopecks: null,
      firstPurchaseAt: null,
      lastPurchaseAt: null,
      homeStoreId: null,
      pointsEarned: 0,
      pointsSpent: 0,
      pointsExpired: 0,
      months: [],
      asOf: noon + DAY,
    })
  })

  it('count purchases with the money paid, whatever was paid in points', async () => {
    const spent = redeem(40, { card, at: noon + MINUTE, purchaseKopecks: 50_001 })
    expect(
      await factsAfter(earn(100_000, { card, at: noon }), spent, apply(spent, { at: noon + 2 * MINUTE })),
    ).toEqual({
      purchases: 2,
      netKopecks: 100_000 + 46_001,
      averageReceiptKopecks: 73_001, // 73,000.5
      firstPurchaseAt: noon,
      lastPurchaseAt: noon + MINUTE,
      homeStoreId: 1,
      pointsEarned: 40 + 18,
      pointsSpent: 40,
      pointsExpired: 0,
      months: [month('2025-12', 2, 146_001)],
      asOf: noon + DAY,
    })
  })

  it('know no redemption that is open or was given up', async () => {
    const [open, given] = [5, 6].map((points) =>
      redeem(points, { card, at: noon + points, purchaseKopecks: points * 10_000 }),
    )
    if (!open || !given) throw new Error('there are two')
    const facts = await factsAfter(
      earn(100_000, { card, at: noon }),
      open,
      given,
      release(given, { at: noon + MINUTE }),
    )
    expect(facts).toMatchObject({ purchases: 1, netKopecks: 100_000, lastPurchaseAt: noon, pointsSpent: 0 })
    expect(await factsAfter(apply(open, { at: noon + 2 * MINUTE }))).toMatchObject({
      purchases: 2,
      pointsSpent: 5,
    })
  })

  it.each(['earn', 'redeem', 'apply'] as const)(
    'lose what was returned, by the id of the %s',
    async (named) => {
      const bought = earn(100_000, { card, at: noon })
      const spent = redeem(40, { card, at: noon + 1, purchaseKopecks: 54_000 })
      const applied = apply(spent, { at: noon + 2 })
      const [whole, original] =
        named === 'earn'
          ? ([100_000, bought] as const)
          : ([50_000, named === 'redeem' ? spent : applied] as const)
      const before = await factsAfter(bought, spent, applied)
      const part = await factsAfter(refund(original, { at: noon + DAY, refundKopecks: 20_000 }))
      expect(part).toMatchObject({ purchases: 2, netKopecks: before.netKopecks - 20_000 })
      const rest = await factsAfter(refund(original, { at: noon + DAY + 1 }))
      expect(rest).toMatchObject({
        purchases: 1,
        netKopecks: before.netKopecks - whole,
        pointsSpent: named === 'earn' ? 40 : 0,
        [named === 'earn' ? 'firstPurchaseAt' : 'lastPurchaseAt']: named === 'earn' ? noon + 1 : noon,
      })
    },
  )

  it('have a purchase that cost no money until it is returned', async () => {
    await judgeBy(sql, { max_discount_basis_points: 10_000 })
    const free = redeem(30, { card, at: noon + 1, purchaseKopecks: 3000 })
    const gift = adjust(100, { card, at: noon })
    expect(await factsAfter(gift, free, apply(free, { at: noon + 2 }))).toMatchObject({
      purchases: 1,
      netKopecks: 0,
      averageReceiptKopecks: 0,
    })
    expect(await factsAfter(refund(free, { at: noon + 3 }))).toMatchObject({
      purchases: 0,
      averageReceiptKopecks: null,
      firstPurchaseAt: null,
      homeStoreId: null,
      months: [],
    })
  })

  it('put what comes late into the month it happened in, and a return into the month of its purchase', async () => {
    const bought = earn(100_000, { card, at: at('2025-12-20T10:00') })
    const late = earn(30_000, { card, at: at('2025-11-25T10:00') })
    await execute(sql, bought)
    await readOn(sql, reader)
    await post(sql, [late], { now: () => at('2025-12-21T10:00') })
    expect(await factsAfter()).toMatchObject({
      firstPurchaseAt: late.at,
      lastPurchaseAt: bought.at,
      months: [month('2025-11', 1, 30_000), month('2025-12', 1, 100_000)],
    })
    expect(
      (await factsAfter(refund(bought, { at: at('2026-01-10T10:00'), refundKopecks: 60_000 }))).months,
    ).toEqual([month('2025-11', 1, 30_000), month('2025-12', 1, 40_000)])
    expect((await factsAfter(refund(late, { at: at('2026-01-11T10:00') }))).months).toEqual([
      month('2025-12', 1, 40_000),
    ])
  })

  it('end a month where the shops of the programme do', async () => {
    await addSecondProgramme(sql)
    await sql`update programmes set time_zone = 'Asia/Vladivostok' where id = 2`
    await sql`insert into customers (programme_id, card) values (2, '222222')`
    const newYear = { at: at('2025-12-31T15:30') }
    await factsAfter(
      earn(10_000, { card, ...newYear }),
      earn(20_000, { card: '222222', author: foreigner, ...newYear }),
    )
    expect((await factsOf(1)).months).toEqual([month('2025-12', 1, 10_000)])
    expect((await factsOf(2)).months).toEqual([month('2026-01', 1, 20_000)])
  })

  it('end a month where the shops do, and begin anew for shops elsewhere', async () => {
    const before = earn(10_000, { card, at: at('2025-11-30T20:59') })
    const midnight = earn(20_000, { card, at: at('2025-11-30T21:00') })
    expect((await factsAfter(before, midnight)).months).toEqual([
      month('2025-11', 1, 10_000),
      month('2025-12', 1, 20_000),
    ])
    await readOn(sql, createFactsReader('Asia/Vladivostok'))
    expect((await factsOf()).months).toEqual([month('2025-12', 2, 30_000)])
    // Whoever checks has the time zone that the facts were made in.
    expect(await checkFacts(sql, { timeZone })).toMatchObject({ differing: 0 })
    expect(await rebuildFacts(sql, { timeZone })).toMatchObject({ differing: 0 })
    expect((await factsOf()).months).toEqual([month('2025-12', 2, 30_000)])
  })

  it('know the store of most purchases, and of two the one of the latest', async () => {
    const buy = (author: typeof stranger, step: number, kopecks = 10_000) =>
      earn(kopecks + step, { card, author, at: noon + step * MINUTE })
    const second = buy(stranger, 1)
    expect(await factsAfter(buy(neighbour, 0), second)).toMatchObject({ homeStoreId: 2 })
    expect(await factsAfter(buy(neighbour, 2))).toMatchObject({ homeStoreId: 1 })
    const third = buy(stranger, 3)
    expect(await factsAfter(third)).toMatchObject({ homeStoreId: 2 })
    expect(await factsAfter(refund(third, { at: noon + 4 * MINUTE, author: stranger }))).toMatchObject({
      homeStoreId: 1,
    })
  })

  it('add up to what the customer has: earned less spent less expired', async () => {
    const spent = redeem(30, { card, at: noon + DAY })
    const held = redeem(5, { card, at: noon + 2 * DAY })
    const bought = earn(10_000, { card, at: noon + 46 * DAY })
    const facts = await factsAfter(
      earn(100_000, { card, at: noon }),
      adjust(50, { card, at: noon + 1 }),
      adjust(-7, { card, at: noon + 2 }),
      spent,
      apply(spent, { at: noon + DAY + 1 }),
      held,
      expire(noon + 45 * DAY),
      bought,
      refund(bought, { at: noon + 47 * DAY }),
      refund(spent, { at: noon + 47 * DAY + 1, refundKopecks: 500_000 }),
    )
    const [account] = await sql<{ standing: number }[]>`
      select balance - debt + (select coalesce(sum(points), 0) from holds where state = 'processing')::bigint as standing
      from customers`
    expect(facts.pointsExpired).toBeGreaterThan(0)
    expect(facts.pointsEarned - facts.pointsSpent - facts.pointsExpired).toBe(account?.standing)
  })

  it('know expired points that any operation wrote off, and keep them when the ledger folds its entries', async () => {
    await factsAfter(earn(100_000, { card, at: noon }))
    const bought = earn(20_000, { card, at: noon + 50 * DAY })
    const facts = await factsAfter(bought)
    expect(facts).toMatchObject({ purchases: 2, pointsEarned: 48, pointsExpired: 40 })
    expect(await retention(sql, { now: noon + 500 * DAY })).toMatchObject({ customers: 1, failed: 0 })
    expect(await rebuildFacts(sql, { timeZone })).toMatchObject({ customers: 1, differing: 0 })
    expect(await factsOf()).toEqual(facts)
    expect(await factsAfter(refund(bought, { at: noon + 51 * DAY }))).toMatchObject({
      purchases: 1,
      pointsExpired: 40,
    })
  })

  it('stay when the customer is erased: nothing in them says who it was', async () => {
    const facts = await factsAfter(earn(100_000, { card, at: noon }))
    await sql`update customers set status = 'erased', first_name = null, profile_tx = pg_current_xact_id()`
    expect(await factsAfter()).toEqual(facts)
  })
})

describe('facts and the ledger', () => {
  const spoil = () => sql`update customer_facts set purchases = purchases + 1`

  it('are compared where everything has been read, and nowhere else', async () => {
    await addCustomers(sql, '222222')
    await factsAfter(earn(100_000, { card, at: noon }), earn(100_000, { card: '222222', at: noon }))
    await spoil()
    await execute(sql, earn(50_000, { card: '222222', at: noon + 1 }))
    const checked = await checkFacts(sql, { timeZone })
    expect(checked).toMatchObject({ customers: 2, unread: 1, differing: 1 })
    expect(checked.differences).toMatchObject([
      {
        customerId: 1,
        card,
        kept: { purchases: 2 },
        made: { purchases: 1, months: { '2025-12-01': [1, 100_000] } },
      },
    ])
  })

  it('that differ are made anew by a rebuild, of one customer or of all', async () => {
    await addCustomers(sql, '222222')
    await factsAfter(earn(100_000, { card, at: noon }), earn(100_000, { card: '222222', at: noon }))
    await spoil()
    await sql`update customer_months set month = '2025-01-01', purchases = 7`
    expect(await rebuildFacts(sql, { customerIds: [2], timeZone })).toMatchObject({
      customers: 1,
      differing: 1,
    })
    expect(await checkFacts(sql, { timeZone })).toMatchObject({
      differing: 1,
      differences: [{ customerId: 1 }],
    })
    expect(await rebuildFacts(sql, { timeZone })).toMatchObject({ customers: 2, differing: 1 })
    expect(await checkFacts(sql, { timeZone })).toMatchObject({ customers: 2, differing: 0 })
    expect((await factsOf()).months).toEqual([month('2025-12', 1, 100_000)])
  })

  it('are made by a rebuild also where no cloud has ever run', async () => {
    await execute(sql, earn(100_000, { card, at: noon }))
    expect(await checkFacts(sql, { timeZone })).toMatchObject({ unread: 1, differing: 0 })
    expect(await rebuildFacts(sql, { timeZone })).toMatchObject({ customers: 1, unread: 0, differing: 0 })
    expect(await factsOf()).toMatchObject({ purchases: 1, asOf: noon + DAY })
  })

  it('are nowhere written by a check, and never in the ledger', async () => {
    await execute(sql, earn(100_000, { card, at: noon }))
    const ledger = async () => [
      ...(await sql`select xmin::text, * from customers`),
      ...(await sql`select xmin::text, * from operations`),
      ...(await sql`select xmin::text, * from lots`),
    ]
    const before = await ledger()
    await readOn(sql, reader)
    await rebuildFacts(sql, { timeZone })
    const facts = await sql`select xmin::text from customer_facts`
    await checkFacts(sql, { timeZone })
    expect(await sql`select xmin::text from customer_facts`).toEqual(facts)
    expect(await ledger()).toEqual(before)
  })

  it('go on exactly after a restore: the reader begins with everybody', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kopilka-facts-'))
    const target = await createBareDatabase()
    const facts = await factsAfter(earn(100_000, { card, at: noon }))
    await restore(target.sql, await backUpTo(sql, join(folder, 'facts.gz')), { record: async () => {} })
    const restored = () => target.sql.begin((sql) => readFacts(sql, 1, noon + DAY))
    expect(await restored()).toEqual({ ...facts, asOf: expect.any(Number) })
    await execute(target.sql, earn(50_000, { card, at: noon + 1 }))
    expect(await takeTurn(target.sql, reader)).toMatchObject({ customers: 1 })
    await readOn(target.sql, reader)
    expect(await restored()).toMatchObject({ purchases: 2, netKopecks: 150_000, asOf: noon + DAY })
    await target.drop()
    await rm(folder, { recursive: true })
  })
})

describe('the jobs', () => {
  const runs = () => sql`select job, result, error from job_runs order by id`

  it('follow the ledger every few seconds and leave a record only where that failed', async () => {
    await execute(sql, earn(100_000, { card, at: noon }))
    expect(await runJob(sql, createFactsJob(timeZone), { now: noon })).toEqual({ status: 'done', result: {} })
    expect(await factsOf()).toMatchObject({ purchases: 1 })
    expect(await runs()).toEqual([])
    await expect(runJob(sql, createFactsJob('Nowhere/Never'), { now: noon })).rejects.toThrow('time zone')
    expect(await runs()).toMatchObject([{ job: FACTS, error: expect.stringContaining('Nowhere/Never') }])
  })

  it('hold a sample against the ledger every night, and fail where it differs', async () => {
    await runJob(sql, factsCheckJob, { now: noon })
    await factsAfter(earn(100_000, { card, at: noon }))
    await runJob(sql, factsCheckJob, { now: noon })
    await sql`update customer_facts set points_earned = 41`
    await expect(runJob(sql, factsCheckJob, { now: noon })).rejects.toThrow(
      'the facts about 1 of 1 customers are not what the ledger says (customers 1)',
    )
    expect(await runs()).toMatchObject([
      { result: { customers: 1, unread: 1, differing: 0 } },
      { result: { customers: 1, unread: 0, differing: 0 } },
      { job: 'facts-check', result: null, error: expect.stringContaining('facts rebuild') },
    ])
  })
})
