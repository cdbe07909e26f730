import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BookResult } from '../../shared/console/trials.ts'
import { type BookDocument, bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { addCustomers, execute } from '../jobs/testing.ts'
import { earn } from '../ledger/testing/makers.ts'
import { askAtNoon, noon, runTrials } from './testing.ts'
import { cancelTrial, readTrial } from './trials.ts'

let database: TestDatabase
let sql: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  sql = database.sql
})
afterEach(() => database.drop())

const run = () => runTrials(sql)
const of = (askedBy: string) => ({ programmeId: 1, askedBy })
const ask = (document: BookDocument, by = 'olga') =>
  askAtNoon(sql, { campaignId: null, version: 1, document }, { by })
const resultOf = async (askedBy: string) => (await readTrial(sql, of(askedBy)))?.result as BookResult
const book = (rest: object = {}) => bookDocumentSchema.parse(rest)

it('says what purchases would have earned beside what they did, by rule, store, budget and receipt', async () => {
  await addCustomers(sql, '100001', '100002')
  await execute(sql, earn(200_000, { card: '100001', at: noon - 2 * DAY }))
  await execute(sql, earn(10_000, { card: '100002', at: noon - DAY }))
  const large = {
    ...{ id: 'large', title: 'Большая покупка', award: { type: 'points', points: 50 }, budget: 'spring' },
    when: [{ type: 'min_purchase', kopecks: 100_000 }],
  }
  const budgets = [{ id: 'spring', title: 'Весна', limit_points: 500 }]
  await ask(book({ base: { cashback_basis_points: 200 }, rules: [large], budgets }))
  await run()
  // 4 % of 2,000 ₽ and 100 ₽ were 80 and 4; 2 % and 50 points for the large one are 90 and 2.
  expect(await readTrial(sql, of('olga'))).toMatchObject({
    state: 'done',
    version: 1,
    judged: 2,
    purchases: 2,
  })
  expect(await resultOf('olga')).toMatchObject({
    ...{ purchases: 2, points: { before: 84, after: 92 }, customers: { better: 1, worse: 1, same: 0 } },
    rules: [
      { id: null, title: null, before: 84, after: 42, awards: 2 },
      { id: 'large', title: 'Большая покупка', before: 0, after: 50, awards: 1 },
    ],
    stores: [{ id: 1, before: 84, after: 92 }],
    budgets: [
      { id: 'spring', title: 'Весна', period: 'total', store: null, before: 0, after: 50, limit: 500 },
    ],
    skipped: [{ id: 'large', why: 'below_min_purchase', times: 1 }],
    examples: [
      { kopecks: 200_000, before: 80, points: 90 },
      { kopecks: 10_000, before: 4, points: 2 },
    ],
  })
  expect(await sql`select from rule_books`).toHaveLength(1)
})

it('says on which day a budget would be used up, whoever comes first; one that outlasts the days, if they go on alike', async () => {
  await addCustomers(sql, '100001', '100002')
  for (const [card, days] of [
    ['100002', 20],
    ['100001', 15],
    ['100002', 10],
    ['100001', 5],
  ] as const)
    await execute(sql, earn(10_000, { card, at: noon - days * DAY }))
  const rule = (budget: string) => ({
    ...{ id: `of-${budget}`, title: budget, award: { type: 'points', points: 100 }, budget },
  })
  const budgets = [
    { id: 'large', title: 'На весну', limit_points: 1000 },
    { id: 'monthly', title: 'На месяц', limit_points: 200, period: 'month' },
    { id: 'small', title: 'На пробу', limit_points: 250 },
  ]
  await ask(book({ rules: budgets.map(({ id }) => rule(id)), budgets }))
  await run()
  // Purchases of 17, 22 and 27 November and of 2 December. Its customers would have taken the small one in the order of their numbers.
  expect(
    (await resultOf('olga')).budgets.map(({ id, period, after, end }) => [id, period, after, end]),
  ).toEqual([
    ['large', 'total', 400, { on: '2026-01-20', isSeen: false }],
    ['monthly', '2025-11', 200, { on: '2025-11-22', isSeen: true }],
    ['monthly', '2025-12', 100, null],
    ['small', 'total', 250, { on: '2025-11-27', isSeen: true }],
  ])
})

it('of the book that holds says what was given', async () => {
  await addCustomers(sql, '100001')
  await execute(sql, earn(200_000, { card: '100001', at: noon - DAY }))
  await ask(book())
  await run()
  expect(await resultOf('olga')).toMatchObject({ points: { before: 80, after: 80 }, examples: [] })
})

it('is one of each who asks: another one’s stays, and a later one takes the place of one’s own', async () => {
  await ask(book(), 'olga')
  await ask(book({ base: { lifetime_days: 60 } }), 'marina')
  await cancelTrial(sql, of('olga'), noon)
  expect((await readTrial(sql, of('olga')))?.state).toBe('cancelled')
  expect((await readTrial(sql, of('marina')))?.state).toBe('waiting')
  await ask(book({ base: { lifetime_days: 90 } }), 'olga')
  expect(await run()).toMatchObject({ result: { tried: 2 } })
  expect(await readTrial(sql, of('olga'))).toMatchObject({
    ...{ state: 'done', document: { base: { lifetime_days: 90 } } },
  })
  expect(await sql`select from trials`).toHaveLength(2)
  expect(await readTrial(sql, { programmeId: 2, askedBy: 'olga' })).toBeNull()
})
