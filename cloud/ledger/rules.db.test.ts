import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookAt, bookDocumentSchema } from '../../shared/rules/book.ts'
import { factsOf, keyOfUse } from '../../shared/rules/facts.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runAudit } from './audit.ts'
import { publishBook } from './books.ts'
import { readCounts } from './loadCounts.ts'
import { post } from './post.ts'
import { readRules } from './programme.ts'
import { addStores, earn, noon, redeem, refund, till } from './testing/makers.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await addStores(database.sql)
  const rule = (id: string, rest: object) => ({
    id,
    title: id,
    award: { type: 'points', points: 100 },
    ...rest,
  })
  const document = bookDocumentSchema.parse({
    rules: [
      rule('five-times', { uses: { total: 5, per_day: 4 } }),
      rule('tenth', { when: [{ type: 'purchase_number', is: 10 }] }),
      rule('first-of-day', { when: [{ type: 'first_of_day' }] }),
    ],
  })
  await database.sql.begin((sql) =>
    publishBook(sql, { programmeId: 1, document, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' }),
  )
})
afterAll(() => database.drop())

const customer = (card: string) => database.sql`
  insert into customers (card, first_name, created_at) values (${card}, 'Анна', '2025-12-01')`

it('counts uses and purchases exactly, however many writers there are', async () => {
  const card = '200001'
  await customer(card)
  const purchases = Array.from({ length: 20 }, (_, index) =>
    earn(100_000 + index, { card, at: noon + (index % 2) * 86_400_000 }),
  )
  const now = () => noon + 86_400_000
  const outcomes = await Promise.all(purchases.map((request) => post(database.sql, [request], { now })))
  const earned = outcomes.flat().map((outcome) => (outcome.status === 'accepted' ? outcome.earned : 0))
  const gifts = earned.reduce((total, points) => total + Math.floor((points - 40) / 100), 0)
  // Five in all, four of them at most on one day; the tenth purchase, and the first of each day.
  expect(gifts).toBe(5 + 1 + 2)
  const uses = await database.sql`select period, uses from rule_uses where rule_id = 'five-times' order by 1`
  expect(uses.at(-1)).toEqual({ period: 'total', uses: 5 })
  expect(await runAudit(database.sql)).toEqual([])
})

it('finds the purchase before the latest one where the batch undoes that', async () => {
  const card = '200002'
  await customer(card)
  const [early, late] = [earn(100_000, { card }), earn(200_000, { card, at: noon + 3_600_000 })]
  const ask = (...requests: Parameters<typeof post>[1]) =>
    post(database.sql, requests, { now: () => noon + 7_200_000 })
  await ask(early, late)
  const [, next] = await ask(refund(late), earn(300_000, { card, at: noon + 7_200_000 }))
  expect(next).toMatchObject({ status: 'accepted', earned: 220 })
  const both = await ask(
    refund(early),
    refund({ id: next?.id ?? '' }),
    redeem(1, { card, purchaseKopecks: 100_000, at: noon + 7_200_000, author: till }),
  )
  expect(both.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'refused'])
  const again = await ask(earn(400_000, { card, at: noon + 7_200_000 }))
  expect(again).toMatchObject([{ status: 'accepted', earned: 360 }])
  expect(await runAudit(database.sql)).toEqual([])
})

it('tells a till what the ledger will judge the next purchase by', async () => {
  const card = '200003'
  await customer(card)
  const { sql } = database
  const { books } = await readRules(sql, { programmeId: 1, since: noon })
  const book = bookAt(books, noon)
  const sold: string[] = []
  for (let step = 0; step < 8; step += 1) {
    const at = noon + step * 9 * 3_600_000
    const counts = await readCounts(sql, { card, programmeId: 1, timeZone: book.timeZone, now: at })
    if (!counts) throw new Error('a book with rules asks for counts')
    const last = counts.lastPurchaseAt
    const known = {
      ...{ card, registeredAt: Date.parse(counts.registeredAt), purchases: counts.purchases },
      latest: new Map(last === null ? [] : [['', Date.parse(last)]]),
      uses: new Map(counts.uses.map((use) => [keyOfUse(use), use.uses])),
    }
    const request = earn(100_000 + step, { card, at })
    await post(sql, [request], { now: () => at })
    const [kept] = await sql<
      { facts: unknown }[]
    >`select quote -> 'facts' as facts from operations where id = ${request.id}`
    expect(kept?.facts).toEqual(factsOf(known, book, at))
    if (step % 3 === 2) await post(sql, [refund(request, { at })], { now: () => at })
    sold.push(request.id)
  }
  expect(sold).toHaveLength(8)
})
