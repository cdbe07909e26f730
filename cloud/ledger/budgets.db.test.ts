import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Outcome } from '../../shared/operation.ts'
import { settingsSchema } from '../../shared/programme.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import type { Quote } from '../../shared/rules/quote.ts'
import { DAY, type Instant } from '../../shared/time.ts'
import { connect, type Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { countRoundTrips } from '../testing/roundTrips.ts'
import { runAudit } from './audit.ts'
import { publishBook } from './books.ts'
import { createMemoryLedger } from './memory.ts'
import { post } from './post.ts'
import { readRules } from './programme.ts'
import { createQueue } from './queue.ts'
import type { Request } from './request.ts'
import { addStores, adjust, admin, apply, earn, noon, redeem, refund, release } from './testing/makers.ts'

const CARDS = Array.from({ length: 20 }, (_, index) => String(300_001 + index))
const [CARD = ''] = CARDS

let database: TestDatabase
/** As of another process. */
let other: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  other = connect(database.url)
  await addStores(database.sql)
  await database.sql`
    insert into customers (card, created_at) select card, '2025-12-01' from unnest(${CARDS}::text[]) as card`
  await database.sql`update programmes set settings = '{"max_open_holds": 1000}'`
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await other.end()
  await database.drop()
})

const gift = (points: number, rest: object = {}) => ({
  ...{ id: 'gift', title: 'Подарок', award: { type: 'points', points }, budget: 'gifts', ...rest },
})
const gifts = (limit_points: number, rest: object = {}) => ({
  ...{ id: 'gifts', title: 'Подарки', limit_points, ...rest },
})

async function publish(rules: object[], budgets: object[], limits: object = {}): Promise<void> {
  const document = bookDocumentSchema.parse({ rules, budgets, limits })
  await database.sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' }),
  )
}

const ask = (requests: Request[], now = noon) => post(database.sql, requests, { now: () => now })
const spending = () => database.sql`
  select budget_id as budget, period, store_id as store, spent from budget_spending order by 1, 2, 3`

async function judgedOf({ id }: { id: string }) {
  const [row] = await database.sql<{ quote: Quote }[]>`select quote from operations where id = ${id}`
  const { awards = [], skipped = [] } = row?.quote ?? {}
  const given = awards.flatMap(({ ruleId, points, cutBy }) => (ruleId === null ? [] : [[points, cutBy]]))
  return { given, skipped: skipped.map(({ why }) => why) }
}

interface Posted {
  at: Instant
  requests: Request[]
  outcomes: Outcome[]
}

/** Two processes of the API at one database. Each has a pool and a group commit of its own; time is what their locks have decided. */
function openProcesses() {
  let time = noon
  const posted: Posted[] = []
  const processes = [database.sql, other].map((sql) =>
    createQueue(async (requests) => {
      let at = time
      const outcomes = await post(sql, requests, { now: () => (at = ++time) })
      posted.push({ at, requests, outcomes })
      return outcomes
    }),
  )
  async function submit(index: number, request: Request): Promise<Outcome> {
    const [outcome] = (await processes[index % processes.length]?.submit([request])) ?? []
    if (!outcome) throw new Error('there is no answer')
    return outcome
  }
  return { submit, inOrder: () => posted.sort((a, b) => a.at - b.at) }
}

it('gives the last 1,000 points to 200 receipts that come at once, exactly', async () => {
  await publish([gift(6)], [gifts(1600)])
  await ask(Array.from({ length: 100 }, (_, index) => earn(1000 + index, { card: CARD })))
  expect(await spending()).toMatchObject([{ spent: 600 }])

  const { submit } = openProcesses()
  // Both have a connection before it begins.
  await Promise.all([0, 1].map((index) => submit(index, adjust(1, { card: CARDS[index] ?? '' }))))
  const receipts = Array.from({ length: 200 }, (_, index) =>
    earn(10_000 + index, { card: CARDS[index % CARDS.length] ?? '', at: noon + index }),
  )
  const outcomes = await Promise.all(receipts.map((receipt, index) => submit(index, receipt)))
  expect(outcomes.map(({ status }) => status)).toEqual(receipts.map(() => 'accepted'))
  const judged = await Promise.all(receipts.map(judgedOf))
  const given = judged.flatMap(({ given }) => given.map(([points]) => Number(points)))
  // 166 whole ones, and the four points that were left.
  expect(given.reduce((total, points) => total + points, 0)).toBe(1000)
  expect(given.filter((points) => points === 6)).toHaveLength(166)
  expect(judged.filter(({ given }) => given.some(([, why]) => why === 'budget_short'))).toHaveLength(1)
  expect(judged.filter(({ skipped }) => skipped.includes('budget_short'))).toHaveLength(33)
  expect(await spending()).toMatchObject([{ spent: 1600 }])
})

it('gives what a serial run gives, whatever comes back meanwhile', async () => {
  await publish(
    [
      gift(40, { priority: 1 }),
      gift(0, { id: 'share', award: { type: 'percent', basis_points: 700 } }),
      gift(25, { id: 'of-store', budget: 'of-store' }),
    ],
    [
      gifts(900, { period: 'day' }),
      gifts(150, { id: 'of-store', per_store: true, period: 'week', when_short: 'none' }),
    ],
    { points_per_customer_day: 300, purchases_per_customer_day: { soft: 3 } },
  )
  const first = adjust(1000, { card: CARD })
  const { submit, inOrder } = openProcesses()
  for (const card of CARDS) await submit(0, { ...first, ...adjust(1000, { card }) })
  const customers = CARDS.map(async (card, customer) => {
    for (let round = 0; round < 6; round += 1) {
      const index = customer + round
      const purchase = { card, purchaseKopecks: 20_000 + 1000 * customer + round, at: noon + round }
      if (index % 3 === 0) {
        const held = redeem(10, purchase)
        await submit(index, held)
        await submit(index + 1, index % 2 ? apply(held) : release(held))
        if (index % 2) await submit(index, refund(held, { refundKopecks: 5000 }))
      } else {
        const sale = earn(0, purchase)
        await submit(index, sale)
        if (index % 4) await submit(index + 1, refund(sale, index % 2 ? { refundKopecks: 15_000 } : {}))
      }
    }
  })
  await Promise.all(customers)

  const { books } = await readRules(database.sql, { programmeId: 1, since: 0 })
  const settings = settingsSchema.parse({ max_open_holds: 1000 })
  const serial = createMemoryLedger({ settings, books: new Map([[1, books]]) })
  for (const card of CARDS) serial.addCustomer({ programmeId: 1, card }, null, noon)
  for (const { at, requests, outcomes } of inOrder())
    for (const [index, request] of requests.entries())
      expect(serial.post([request], at)).toEqual([outcomes[index]])
  const spent = serial.spendings().map(({ budgetId, period, storeId, spent, softAt, hardAt }) => ({
    ...{ budget: budgetId, period, store: storeId, spent, softAt, hardAt },
  }))
  const kept = await database.sql`
    select budget_id as budget, period, store_id as store, spent, soft_at as "softAt", hard_at as "hardAt"
    from budget_spending order by 1, 2, 3`
  expect(kept).toEqual(spent.sort((a, b) => (a.budget < b.budget ? -1 : 1)))
  expect(kept.map(({ hardAt }) => hardAt)).not.toContain(null)
})

it('finds the budget of its own day, when a queue brings it late', async () => {
  await publish([gift(40)], [gifts(100, { period: 'day' })])
  const now = noon + DAY
  const soldOffline = [0, 1].map((index) => earn(10_000 + index, { card: CARD, at: noon + index }))
  const onTime = [2, 3].map((index) => earn(10_000 + index, { card: CARDS[1] ?? '', at: noon + index }))
  await ask(onTime)
  const today = earn(20_000, { card: CARDS[1] ?? '', at: now })
  await ask([today], now)
  await ask(soldOffline, now + 1000)
  expect(await Promise.all([...onTime, ...soldOffline, today].map(judgedOf))).toEqual([
    { given: [[40, undefined]], skipped: [] },
    { given: [[40, undefined]], skipped: [] },
    { given: [[20, 'budget_short']], skipped: [] },
    { given: [], skipped: ['budget_short'] },
    { given: [[40, undefined]], skipped: [] },
  ])
  expect(await spending()).toEqual([
    { budget: 'gifts', period: '2025-12-07', store: null, spent: 100 },
    { budget: 'gifts', period: '2025-12-08', store: null, spent: 40 },
  ])
})

it('is drawn by a hold and given back by its release, into the period that it was drawn from', async () => {
  await publish([gift(40)], [gifts(60, { period: 'day' })])
  await ask([adjust(1000, { card: CARD })])
  const held = redeem(10, { card: CARD, purchaseKopecks: 100_000 })
  const [late, later] = [1, 2].map((index) =>
    earn(10_000 + index, { card: CARDS[1] ?? '', at: noon + index }),
  )
  if (!late || !later) throw new Error('there are two')
  await ask([held, late])
  expect(await judgedOf(late)).toEqual({ given: [[20, 'budget_short']], skipped: [] })
  await ask([release(held, { author: admin, at: noon + DAY })], noon + DAY)
  expect(await spending()).toMatchObject([{ period: '2025-12-07', spent: 20 }])
  await ask([later], noon + DAY)
  expect(await judgedOf(later)).toEqual({ given: [[40, undefined]], skipped: [] })

  // 1C proves that it had taken the discount: what was promised is given, above the budget.
  const [applied] = await ask([apply(held, { at: noon + DAY })], noon + DAY)
  expect(applied).toMatchObject({ status: 'accepted', earned: 40 + 40 })
  expect(await spending()).toMatchObject([{ spent: 100 }])
  await ask([refund(held, { at: noon + DAY }), refund(later, { at: noon + DAY })], noon + DAY)
  expect(await spending()).toMatchObject([{ spent: 20 }])
})

it('limits what a customer earns in a day, and flags who buys too often', async () => {
  await publish([], [], {
    points_per_customer_day: 100,
    purchases_per_customer_day: { soft: 2, hard: 4 },
  })
  const sales = [0, 1, 2, 3, 4, 5].map((index) => earn(100_000 + index, { card: CARD, at: noon + index }))
  const earned = (outcomes: Outcome[]) =>
    outcomes.map((outcome) => (outcome.status === 'accepted' ? outcome.earned : outcome.code))
  expect(earned(await ask(sales.slice(0, 2)))).toEqual([40, 40])
  const flags = () =>
    database.sql`select day, points, purchases, flagged_at as "flaggedAt" from customer_days`
  expect(await flags()).toEqual([{ day: '2025-12-07', points: 80, purchases: 2, flaggedAt: null }])
  expect(earned(await ask(sales.slice(2, 4), noon + 9))).toEqual([20, 0])
  const [first] = sales
  if (!first) throw new Error('there is one')
  // What comes back makes room again; but who bought four times earns nothing more.
  expect(earned(await ask([refund(first, { refundKopecks: 50_000 })], noon + 10))).toEqual([-20])
  expect(earned(await ask(sales.slice(4, 5), noon + 11))).toEqual([0])
  expect(earned(await ask([refund(first), ...sales.slice(5)], noon + 12))).toEqual([-20, 0])
  expect(await flags()).toEqual([{ day: '2025-12-07', points: 60, purchases: 5, flaggedAt: noon + 9 }])
  // The next day is another one.
  expect(earned(await ask([earn(100_000, { card: CARD, at: noon + DAY })], noon + DAY))).toEqual([40])
})

it('asks nothing more of a book without budgets, and once more of one with them', async () => {
  const alone = connect(database.url, { poolSize: 1 })
  const trips = countRoundTrips(alone)
  const tripsOf = async (request: () => Request) => {
    const count = async () => {
      const before = trips()
      await post(alone, [request()], { now: () => noon })
      return trips() - before
    }
    await count()
    return await count()
  }
  let kopecks = 10_000
  const sale = () => earn(++kopecks, { card: CARD })
  expect(await tripsOf(sale)).toBe(3)
  await publish([gift(1)], [gifts(1_000_000)])
  const sold = sale()
  await ask([sold])
  expect(await tripsOf(sale)).toBe(4)
  // What it has drawn comes back whatever book is valid by then.
  await publish([], [])
  expect(await tripsOf(() => refund(sold, { refundKopecks: 1 }))).toBe(4)
  expect(await tripsOf(sale)).toBe(3)
  await alone.end()
})
