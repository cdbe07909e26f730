import { afterEach, beforeEach, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, MINUTE } from '../../shared/time.ts'
import { houseOf, say } from '../admin/testing.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runJob } from '../jobs/run.ts'
import { addCustomers, executeTogether, expectHealthy } from '../jobs/testing.ts'
import { publishBook } from '../ledger/books.ts'
import { readBudgets } from '../ledger/readBudgets.ts'
import type { Request } from '../ledger/request.ts'
import { earn, noon, refund, stranger } from '../ledger/testing/makers.ts'
import { createAlertsJob } from './alertsJob.ts'

const CARD = '654321'

let database: TestDatabase
let told: string[]
beforeEach(async () => {
  database = await createTestDatabase()
  told = []
  await addCustomers(database.sql, CARD)
})
afterEach(async () => {
  await expectHealthy(database.sql)
  await database.drop()
})

async function publish(document: object): Promise<void> {
  const read = bookDocumentSchema.parse({
    ...document,
    rules: [{ id: 'gift', title: 'Подарок', award: { type: 'points', points: 10 }, budget: 'gifts' }],
  })
  const at = { validFrom: 0, now: 0 }
  await database.sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document: read, ...at, by: 'admin:anna', reason: 'a test' }),
  )
}

let kopecks = 10_000
const sale = (at: number, changes: Partial<Parameters<typeof earn>[1]> = {}) =>
  earn(++kopecks, { card: CARD, at, ...changes })
const sell = (...requests: Request[]) => executeTogether(database.sql, requests)

async function look(now: number) {
  const before = told.length
  const tell = async (text: string) => void told.push(text)
  const run = await runJob(database.sql, createAlertsJob(tell), { now })
  if (run.status !== 'done') throw new Error(run.status)
  return { begun: run.result.begun, ended: run.result.ended, said: told.slice(before).join('\n') }
}

const nothing = { begun: 0, ended: 0, said: '' }

it('tells once a period that a budget is nearly given, and once that it is', async () => {
  await publish({
    budgets: [{ id: 'gifts', title: 'Подарки', limit_points: 35, period: 'day', soft_percent: 50 }],
  })
  await sell(sale(noon))
  expect(await look(noon)).toEqual(nothing)
  const second = sale(noon)
  await sell(second)
  expect(await look(noon)).toMatchObject({ begun: 1 })
  expect(told.at(-1)).toContain('50 % of the budget gifts (2025-12-07) were given')

  // What comes back and is given again is no news.
  await sell(refund(second))
  expect(await look(noon + MINUTE)).toEqual(nothing)
  await sell(sale(noon))
  expect(await look(noon + 2 * MINUTE)).toEqual(nothing)

  await sell(sale(noon), sale(noon))
  expect(await look(noon + 3 * MINUTE)).toMatchObject({ begun: 1, ended: 0 })
  expect(told.at(-1)).toContain('there was nothing left of the budget gifts (2025-12-07)')
  await sell(sale(noon))
  expect(await look(noon + 4 * MINUTE)).toEqual(nothing)

  // A day later it is over, and the new period is another one.
  expect(await look(noon + DAY + 4 * MINUTE)).toMatchObject({ begun: 0, ended: 2 })
  await sell(sale(noon + DAY), sale(noon + DAY))
  expect(await look(noon + DAY + 5 * MINUTE)).toMatchObject({ begun: 1, ended: 0 })
})

it('tells of a period that is over, where a queue has reached its end', async () => {
  await publish({ budgets: [{ id: 'gifts', title: 'Подарки', limit_points: 10, period: 'day' }] })
  const now = noon + 3 * DAY
  const late = sale(noon)
  await sell({ ...sale(now), at: now }, late)
  expect(await look(now)).toMatchObject({ begun: 4 })
  expect(await look(now + DAY)).toMatchObject({ ended: 4 })
})

it('tells of somebody who buys more often in a day than the book lets pass unseen', async () => {
  const budgets = [{ id: 'gifts', title: 'Подарки', limit_points: 1000 }]
  await publish({ budgets, limits: { purchases_per_customer_day: { soft: 2 } } })
  await sell(sale(noon), sale(noon))
  expect(await look(noon)).toEqual(nothing)
  await sell(sale(noon))
  const { begun, said } = await look(noon + MINUTE)
  expect(begun).toBe(1)
  expect(said).toContain('ends in 321 made 3 purchases on 2025-12-07')
  expect(await look(noon + DAY + MINUTE)).toMatchObject({ ended: 1 })
})

it('lists what budgets have given in the period of this moment, of each store where each has its own', async () => {
  const { sql } = database
  await publish({
    budgets: [{ id: 'gifts', title: 'Подарки', limit_points: 100, period: 'week', per_store: true }],
  })
  await sell(sale(noon), sale(noon), sale(noon, { author: stranger }))
  const list = await readBudgets(sql, { programmeId: 1, now: noon + 1000, timeZone: houseOf(sql).timeZone })
  expect(list).toMatchObject([
    { budgetId: 'gifts', period: '2025-W49', store: 'Store 1', limit: 100, spent: 20, left: 80 },
    { store: 'Store 2', spent: 10, left: 90, softAt: null, hardAt: null },
  ])
  const said = await say(['budget', 'list', '--json'], database.url)
  const { budgets } = JSON.parse(said.out) as { budgets: object[] }
  // By the clock of this machine it is another week.
  expect(budgets).toMatchObject([
    { store: 'Store 1', spent: 0, left: 100 },
    { store: 'Store 2', spent: 0, left: 100 },
  ])
  await publish({ budgets: [{ id: 'gifts', title: 'Подарки', limit_points: 5 }] })
  expect((await say(['budget', 'list'], database.url)).out).toContain('Подарки  total')
})
