import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Instant, MINUTE } from '../../../shared/time.ts'
import { perform } from '../../acts/act.ts'
import { setSetting } from '../../acts/settings.ts'
import { byAdmin } from '../../acts/testing.ts'
import type { Sql } from '../../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { expire } from '../../jobs/expire.ts'
import { addCustomers, midnight } from '../../jobs/testing.ts'
import { runAudit } from '../../ledger/audit.ts'
import { post } from '../../ledger/post.ts'
import type { Request } from '../../ledger/request.ts'
import {
  addSecondProgramme,
  addVouchers,
  adjust,
  apply,
  earn,
  foreigner,
  judgeBy,
  redeem,
  refund,
  release,
  stranger,
  till,
  voucherOf,
  withVoucher,
} from '../../ledger/testing/makers.ts'
import { readDays } from './days.ts'
import { readExpiring, readExpiry } from './expiry.ts'
import { readLiability } from './liability.ts'
import { readMembers } from './members.ts'
import { readOwed } from './owed.ts'
import { readStoresReport } from './stores.ts'

const cards = ['100001', '100002', '100003']
const ours = { programmeId: 1, timeZone: 'Europe/Moscow' }
const noon = (day: number): Instant => midnight + day * DAY + DAY / 2

let database: TestDatabase
let sql: Sql
async function open() {
  database = await createTestDatabase()
  sql = database.sql
  await addCustomers(sql, ...cards)
  await addSecondProgramme(sql)
  await sql`insert into customers (programme_id, card) values (2, '200001')`
  await sql`
    insert into registers (store_id, name, key_hash) values (1, 'a', '\\x01'), (1, 'b', '\\x02'), (2, 'c', '\\x03')`
}
async function close() {
  expect(await runAudit(sql)).toEqual([])
  await database.drop()
}

async function execute(...requests: Request[]): Promise<void> {
  for (const request of requests) {
    const [outcome] = await post(sql, [request], { now: () => request.at })
    expect(outcome?.status, JSON.stringify(outcome)).toBe('accepted')
  }
}

/** Days of everything, a neighbour’s among it; again and again it is written down what is owed just then. */
async function liveThrough(days: number) {
  const seen: { at: Instant; owed: Awaited<ReturnType<typeof readOwed>> }[] = []
  const look = async (at: Instant) => void seen.push({ at, owed: await readOwed(sql, { ...ours, at }) })
  const purchases: Request[] = []
  for (let day = 0; day < days; day += 1) {
    const at = noon(day)
    const card = cards[day % cards.length] ?? ''
    const purchase = earn(100_000 + day * 1000, { card, at })
    purchases.push(purchase)
    await execute(purchase, earn(500_000, { card: '200001', at, author: foreigner }))
    const spent = day % 5 === 3 ? redeem(20, { card, at: at + MINUTE, purchaseKopecks: 110_000 }) : null
    if (spent) await execute(spent)
    await look(at + MINUTE)
    const original = purchases[day - 4]
    if (day % 7 === 6 && original)
      await execute(refund(original, { at: at + 2 * MINUTE, refundKopecks: 50_000 }))
    if (day % 11 === 10) await execute(adjust(-3, { card, at: at + 3 * MINUTE }))
    await look(at + 4 * MINUTE)
    const end = { at: at + DAY / 3 }
    if (spent) await execute(day % 2 === 0 ? apply(spent, end) : release(spent, end))
    await look(at + DAY / 2 - 1)
    await expire(sql, { now: midnight + (day + 1) * DAY })
  }
  return seen
}

describe('what is owed', () => {
  beforeEach(open)
  afterEach(close)

  async function liabilityAt(asked: Pick<Parameters<typeof readLiability>[1], 'at' | 'since' | 'now'>) {
    const found = await readLiability(sql, { ...ours, ...asked })
    if (typeof found === 'string') throw new Error(found)
    return found
  }

  it('is at any moment that is over what it was then, to the point', async () => {
    await judgeBy(sql, { lifetime_days: 12, activation_days: 2 })
    const seen = await liveThrough(30)
    expect(seen.some(({ owed }) => owed.held > 0)).toBe(true)
    for (const { at, owed } of seen) {
      const then = await liabilityAt({ at, now: noon(40) })
      expect(then).toMatchObject(owed)
      expect(then.byStore.reduce((sum, { points }) => sum + points, 0)).toBe(owed.points)
      for (const parts of [owed.byAge, owed.byExpiry])
        expect(parts.reduce((sum, { points }) => sum + points, 0)).toBe(owed.points)
    }
  })

  it('came from what it was before by what the ledger has written since, to the point', async () => {
    await judgeBy(sql, { lifetime_days: 12, activation_days: 2 })
    const seen = await liveThrough(30)
    const causes = new Set<string>()
    for (const [place, { at, owed }] of seen.entries()) {
      const before = seen[Math.floor(place / 2)]
      const then = await liabilityAt({ at, since: before?.at, now: noon(40) })
      const { opening = 0, parts = [] } = then.flow ?? {}
      expect(opening).toBe(before?.owed.points)
      expect(parts.reduce((sum, { points }) => sum + points, opening)).toBe(owed.points)
      for (const { cause, points } of parts) {
        expect(cause !== 'died' || points <= 0).toBe(true)
        if (points !== 0) causes.add(cause)
      }
    }
    expect([...causes].toSorted()).toEqual(['adjusted', 'died', 'earned', 'spent', 'takenBack'])
    const [last] = seen.slice(-1)
    const since = (last?.at ?? 0) + DAY
    expect(await readLiability(sql, { ...ours, at: last?.at, since, now: noon(40) })).toBe('since_after_at')
  })

  it('is told of no moment that has not come, or is not kept any more', async () => {
    const ask = (at: Instant) => readLiability(sql, { ...ours, at, now: noon(500) })
    expect(await ask(noon(501))).toBe('no_history')
    expect(await ask(noon(99))).toBe('no_history')
    expect(await ask(noon(101))).toMatchObject({ points: 0, customers: 0, byStore: [], byExpiry: [] })
  })

  it('is told of nothing that was folded while less history was kept, in its own programme', async () => {
    const keepFor = (days: number) =>
      perform(setSetting, { programme: 'Сосед', key: 'history_retention_days', value: days }, byAdmin(sql))
    await keepFor(90)
    await keepFor(400)
    const now = Date.now() + DAY
    const ask = (at: Instant, programmeId = 2) => readLiability(sql, { ...ours, programmeId, at, now })
    expect(await ask(now - 92 * DAY)).toBe('no_history')
    expect(await ask(now - 90 * DAY)).toMatchObject({ points: 0 })
    expect(await ask(now - 92 * DAY, 1)).toMatchObject({ points: 0 })
  })

  it('waits, ages and dies by its months', async () => {
    await judgeBy(sql, { lifetime_days: 45, activation_days: 3 })
    // Of 7 December, and dead on 21 January at three o'clock at night in Moscow.
    await execute(earn(100_000, { card: '100001', at: noon(0) }))
    const at = (moment: Instant) => readOwed(sql, { ...ours, at: moment })
    const aged = async (moment: Instant) => (await at(moment)).byAge.filter(({ points }) => points > 0)
    expect(await at(noon(0))).toMatchObject({ points: 40, kopecks: 4000, customers: 1, held: 0 })
    expect((await at(noon(0))).byExpiry).toEqual([{ month: '2026-01', points: 40 }])
    expect(await aged(noon(2))).toEqual([{ age: 'waiting', points: 40 }])
    expect(await aged(noon(3))).toEqual([{ age: 'week', points: 40 }])
    expect(await aged(noon(20))).toEqual([{ age: 'month', points: 40 }])
    expect(await aged(noon(44))).toEqual([{ age: 'quarter', points: 40 }])
    expect(await at(midnight + 45 * DAY)).toMatchObject({ points: 0, customers: 0 })
  })

  it('expires within so many days, and by month', async () => {
    await judgeBy(sql, { lifetime_days: 10 })
    await execute(earn(100_000, { card: '100001', at: noon(0) }))
    await execute(earn(50_000, { card: '100002', at: noon(8) }))
    const spent = redeem(30, { card: '100001', at: noon(9), purchaseKopecks: 200_000 })
    await execute(spent, apply(spent, { at: noon(9) + MINUTE }))
    await expire(sql, { now: noon(10) })
    const now = noon(11)
    expect(await readExpiring(sql, { ...ours, now, days: [1, 7, 30] })).toEqual([
      { days: 1, points: 0, customers: 0 },
      { days: 7, points: 20, customers: 1 },
      { days: 30, points: 20 + 79, customers: 2 },
    ])
    expect(await readExpiry(sql, { ...ours, now })).toMatchObject({
      behind: [{ month: '2025-12', due: 40, expired: 10 }],
      ahead: [{ month: '2025-12', points: 99, customers: 2, expected: 25 }],
      expiredBasisPoints: 2500,
    })
  })
})

describe('members and stores', () => {
  beforeAll(async () => {
    await open()
    const [twice, once] = [{ card: '100001' }, { card: '100002' }]
    const spent = redeem(10, { ...twice, at: noon(50), purchaseKopecks: 100_000, author: stranger })
    const left = redeem(5, { ...once, at: noon(51), purchaseKopecks: 60_000 })
    const typed = earn(70_000, { ...once, at: noon(52), typed: true })
    await execute(
      earn(100_000, { ...twice, at: noon(10) }),
      earn(200_000, { ...once, at: noon(11) }),
      earn(30_000, { ...once, at: noon(12) }),
      earn(100_000, { ...twice, at: noon(49), author: stranger }),
      spent,
      apply(spent, { at: noon(50) + MINUTE, author: stranger }),
      left,
      release(left, { at: noon(51) + MINUTE }),
      typed,
      earn(70_000, { ...once, at: noon(52) + 1000, confirmDuplicate: true }),
      refund(typed, { at: noon(53), refundKopecks: 10_000, author: till }),
      earn(900_000, { card: '200001', at: noon(52), author: foreigner }),
    )
    await sql`
      update customers set created_at = case when card = '100003' then ${new Date(noon(55)).toISOString()}::timestamptz
        else ${new Date(noon(9)).toISOString()}::timestamptz end`
  })
  afterAll(close)

  it('are held against the thirty days before', async () => {
    const members = await readMembers(sql, { ...ours, stores: null, now: noon(60) })
    expect(members).toMatchObject({
      ...{ days: 30, active: { now: 2, before: 2 }, joined: { now: 1, before: 2 } },
      ...{ repeatBasisPoints: { now: 10_000, before: 5000 }, purchases: { now: 4, before: 3 } },
      kopecks: { now: 100_000 + 99_000 + 140_000, before: 330_000 },
      receiptsWithCardBasisPoints: { now: null, before: null },
    })
    expect(members.byDay).toHaveLength(61)
    expect(members.byDay.reduce((sum, { purchases }) => sum + purchases, 0)).toBe(7)
    expect(members.byDay.find(({ purchases }) => purchases === 2)).toMatchObject({ earned: 56, spent: 0 })
  })

  it('are of some stores where that is asked for', async () => {
    const members = await readMembers(sql, { ...ours, stores: [2], now: noon(60) })
    expect(members).toMatchObject({
      active: { now: 1, before: 0 },
      repeatBasisPoints: { now: 10_000, before: null },
    })
  })

  it('are counted store by store, each by its shares', async () => {
    const wanted = { programmeId: 1, stores: null, since: noon(30), until: noon(60), now: noon(60) }
    await sql`
      insert into discrepancies (kind, reference, details, filed_at)
      values ('parked', 'x', '{"registerId": 3}', ${new Date(noon(50)).toISOString()})`
    expect(await readStoresReport(sql, wanted)).toMatchObject({
      stores: [
        {
          store: { id: 1, name: 'Store 1' },
          ...{ purchases: 2, customers: 1, kopecks: 140_000, averageKopecks: 70_000, earned: 56, spent: 0 },
          shares: {
            redemption: 0,
            refunds: 5000,
            notTaken: 10_000,
            typed: 5000,
            duplicates: 5000,
            parked: 0,
          },
        },
        {
          store: { id: 2 },
          ...{ purchases: 2, customers: 1, kopecks: 199_000, spent: 10 },
          shares: { redemption: 5000, refunds: 0, notTaken: 0, typed: 0, duplicates: 0, parked: 5000 },
        },
      ],
      all: { purchases: 4, customers: 2, kopecks: 339_000, shares: { redemption: 2500, notTaken: 5000 } },
    })
    expect((await readStoresReport(sql, { ...wanted, stores: [2] })).stores).toMatchObject([
      { store: { id: 2 } },
    ])
  })

  it('are told of day by day, each by its own clock', async () => {
    // Noon in Greenwich is midnight there: the next day begins.
    await sql`
      update stores set opens_at = '09:00', closes_at = '21:00', time_zone = 'Asia/Kamchatka' where id = 2`
    const wanted = { ...ours, stores: null, now: noon(60) }
    const dayOf = (day: number) => new Date(noon(day)).toISOString().slice(0, 10)
    const { days } = await readDays(sql, { ...wanted, since: dayOf(49), until: dayOf(53) })
    expect(
      days.map(({ day, store, operations, purchases, kopecks, refunds, earned, spent, takenBack }) => [
        ...[day, store.id, operations, purchases, kopecks, refunds, earned, spent, takenBack],
      ]),
    ).toEqual([
      [dayOf(53), 1, 1, 0, 0, 1, 0, 0, 4],
      [dayOf(52), 1, 2, 2, 140_000, 0, 56, 0, 0],
      [dayOf(51), 1, 2, 0, 0, 0, 0, 0, 0],
      [dayOf(51), 2, 2, 1, 99_000, 0, 40, 10, 0],
      [dayOf(50), 2, 1, 1, 100_000, 0, 40, 0, 0],
    ])
    expect(days[0]).toMatchObject({ refundKopecks: 10_000, givenBack: 0 })
    const alone = await readDays(sql, { ...wanted, stores: [2], since: dayOf(51), until: dayOf(51) })
    expect(alone.days.map(({ store }) => store.name)).toEqual(['Store 2'])
  })
})

describe('the share of purchases with a discount', () => {
  beforeEach(open)
  afterEach(close)

  it('leaves out those whose voucher only gave points', async () => {
    const points = voucherOf({ type: 'points', points: 50 })
    const discount = voucherOf({ type: 'discount_kopecks', kopecks: 20_000 })
    await addVouchers(sql, points, discount)
    const shown = [points, discount].map((voucher, day) =>
      redeem(0, { card: '100001', at: noon(day), purchaseKopecks: 110_000, ...withVoucher(voucher) }),
    )
    for (const purchase of shown) await execute(purchase, apply(purchase, { at: purchase.at + MINUTE }))
    const { all } = await readStoresReport(sql, {
      ...{ programmeId: 1, stores: null, since: noon(-1), until: noon(2), now: noon(2) },
    })
    expect(all).toMatchObject({ purchases: 2, kopecks: 200_000, shares: { redemption: 5000, notTaken: 0 } })
  })
})
