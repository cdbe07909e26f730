import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bookAt } from '../../shared/rules/book.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { post } from '../ledger/post.ts'
import { readRules } from '../ledger/programme.ts'
import type { Request } from '../ledger/request.ts'
import { adjust, apply, earn, redeem, refund, release, stranger, till } from '../ledger/testing/makers.ts'
import { budgetsToPickFrom, rulesToPickFrom } from '../ledger/testing/terms.ts'
import { tryBook } from '../ledger/tryBook.ts'
import { checkFile, listBooks, publishFile, showBook, tryFile } from './books.ts'
import { showCustomer, textOfCustomer } from './showCustomer.ts'
import { changesIn, houseOf, noon, say } from './testing.ts'

let database: TestDatabase
let house: ReturnType<typeof houseOf>
const files: string[] = []
beforeAll(async () => {
  database = await createTestDatabase()
  house = houseOf(database.sql)
  await database.sql`insert into stores (name) values ('Ашукино'), ('Правда')`
})
afterAll(async () => {
  for (const file of files) await rm(file)
  await database.drop()
})

async function fileOf(written: unknown): Promise<string> {
  const file = join(tmpdir(), `book-${randomUUID()}.json`)
  await writeFile(file, typeof written === 'string' ? written : JSON.stringify(written))
  files.push(file)
  return file
}

const gift = { id: 'gift', title: 'Подарок', award: { type: 'points', points: 5 } }

it('says all that is wrong with a book, each with its path', async () => {
  const file = await fileOf({
    base: { lifetime_days: 0 },
    rules: [{ ...gift, award: { type: 'cake' } }],
    referral: {},
  })
  const { problems } = await checkFile(house, { file })
  expect(problems.map(({ path }) => path)).toEqual([
    'base.lifetime_days',
    'rules[0].award.type',
    'referral.referrer_points',
    'referral.referee_points',
  ])
  await expect(publishFile(house, { file, reason: 'зима' })).rejects.toThrow('rules[0].award.type')
  const said = await say(['book', 'check', file, '--json'], database.url)
  expect(said.exitCode).toBe(1)
  expect(JSON.parse(said.out).problems).toEqual(problems)
})

it.each([
  ['no JSON', '{', 'is no JSON'],
  [
    'a store of nobody',
    { rules: [{ ...gift, when: [{ type: 'stores', ids: [1, 9] }] }] },
    'rules[0].when[0].ids: there is no store 9',
  ],
])('does not publish %s', async (_what, written, message) => {
  const file = await fileOf(written)
  await expect(publishFile(house, { file, reason: 'зима' })).rejects.toThrow(message)
  expect((await listBooks(house)).books).toHaveLength(1)
})

it('says which rules give nothing yet', async () => {
  const file = await fileOf({ rules: [{ ...gift, when: [{ type: 'status', names: ['gold'] }] }] })
  expect(await checkFile(house, { file })).toEqual({
    problems: [],
    notes: ['gift gives nothing: the book has no statuses.'],
  })
  const ofGoods = await fileOf({ rules: [{ ...gift, when: [{ type: 'items', skus: ['1'] }] }] })
  expect(await checkFile(house, { file: ofGoods })).toMatchObject({
    notes: ['gift gives something only where 1C sends what was bought.'],
  })
})

it('publishes versions, for now and for later, and writes down who', async () => {
  const reason = 'зима'
  const now = await publishFile(house, { file: await fileOf({ rules: [gift] }), reason })
  expect(now).toEqual({ version: 2 })
  const later = { file: await fileOf({ base: { cashback_basis_points: 500 } }), reason, at: noon + DAY }
  expect(await publishFile(house, later)).toEqual({ version: 3 })
  await expect(publishFile(house, { ...later, at: noon - 1 })).rejects.toThrow('is over')
  expect((await listBooks(house)).books.map(({ version, state, rules }) => [version, state, rules])).toEqual([
    [1, 'past', 0],
    [2, 'valid', 1],
    [3, 'scheduled', 0],
  ])
  expect(await showBook(house)).toMatchObject({ version: 2, document: { rules: [gift] } })
  expect(await showBook(house, { version: 3 })).toMatchObject({
    ...{ state: 'scheduled', publishedBy: 'admin:anna', reason, validFrom: toIso(noon + DAY) },
  })
  expect((await changesIn(database.sql)).map(({ action, subject }) => [action, subject])).toEqual([
    ['book publish', 'rule book of programme 1'],
    ['book publish', 'rule book of programme 1'],
  ])
})

it('says of a version that a newer one begins together with that it was replaced, before it ever held', async () => {
  const at = noon + 2 * DAY
  for (const points of [1, 2])
    await publishFile(house, {
      ...{
        file: await fileOf({ rules: [{ ...gift, award: { type: 'points', points } }] }),
        reason: 'зима',
        at,
      },
    })
  const { books } = await listBooks(house)
  const states = books.filter(({ validFrom }) => validFrom === toIso(at)).map(({ state }) => state)
  expect(states).toEqual(['replaced', 'scheduled'])
})

it('has presets to begin with', async () => {
  const said = await say(['book', 'presets', '--name', 'happy-hours', '--json'], database.url)
  expect(JSON.parse(said.out).presets).toMatchObject([{ name: 'happy-hours', rule: { id: 'happy-hours' } }])
})

it('tries a book on what was sold, and of the one that was live says what the ledger posted, operation by operation', async () => {
  const { sql } = database
  const begins = noon + 2 * DAY
  const rules = rulesToPickFrom.filter(({ id }) => id !== 'gold')
  const book = { rules, budgets: budgetsToPickFrom, limits: { points_per_customer_day: 250 } }
  await sql`
    insert into segments (programme_id, name, title, definition, saved_at, saved_by)
    select 1, name, name, '{"type": "consent"}', now(), 'a test' from unnest('{vip,sleepy}'::text[]) as name`
  await publishFile(house, { file: await fileOf(book), reason: 'проба', at: begins })
  const cards = ['300001', '300002', '300003']
  await sql`insert into customers ${sql(cards.map((card) => ({ card, created_at: toIso(begins - DAY) })))}`
  await sql`
    insert into customer_segments (customer_id, names)
    select id, case card when '300001' then '{sleepy,vip}'::text[] else '{sleepy}' end from customers
    where card in ('300001', '300002')`
  const ask = (now: number, ...requests: Request[]) => post(sql, requests, { now: () => now })
  let random = 7
  const below = (most: number) => {
    random = (random * 48_271) % 2_147_483_647
    return random % most
  }
  for (let step = 0; step < 60; step += 1) {
    const at = begins + step * 7 * 3_600_000
    const card = cards[below(3)] ?? ''
    const common = { card, at, author: below(2) ? till : stranger }
    const purchaseKopecks = 1000 + below(200_000)
    const items = [
      { sku: 'tea', category: 'tea', quantity: 1, kopecks: 900 },
      { sku: 'cup', quantity: 2, kopecks: purchaseKopecks - (step % 6 ? 900 : 901) },
    ]
    const bought = { ...common, purchaseKopecks, ...(step % 3 && { items }) }
    const sale = step % 4 ? earn(purchaseKopecks, bought) : redeem(1, bought)
    await ask(at, ...(step === 0 ? [adjust(50, { ...common, card })] : []), sale)
    const settled = { at, author: common.author }
    if (sale.kind === 'redeem') await ask(at, step % 8 ? apply(sale, settled) : release(sale, settled))
    if (step % 5 === 0) await ask(at, refund(sale, step % 10 ? { ...settled, refundKopecks: 700 } : settled))
  }
  const posted = new Map(
    (
      await sql<{ id: string; earned: number }[]>`
        select coalesce(reference_id, id) as id, earned from operations
        where kind in ('earn', 'apply') and status = 'accepted'`
    ).map(({ id, earned }) => [id, earned]),
  )
  const to = begins + 30 * DAY
  const { books } = await readRules(sql, { programmeId: 1, since: begins })
  const found = new Map<string, number>()
  const live = await tryBook(sql, {
    ...{ book: bookAt(books, begins), programmeId: 1, from: begins, to, tell: () => {} },
    onPurchase: ({ id, after }) => found.set(id, after),
  })
  expect(posted.size).toBeGreaterThan(40)
  expect(found).toEqual(posted)
  expect(live).toMatchObject({ customers: { better: 0, worse: 0, same: 3 }, countedAnew: 0 })
  expect(live.points.after).toBe(live.points.before)
  expect(new Set(live.byRule.map(({ ruleId }) => ruleId)).size).toBeGreaterThan(8)
  expect(live.byRule.map(({ ruleId }) => ruleId)).toContain('tea')
  expect(live.skipped.tea).toHaveProperty('no_items')

  // Another book's budgets are what it would have given itself, and it stays within them.
  const [first] = budgetsToPickFrom
  const less = await tryFile(house, {
    ...{
      file: await fileOf({
        ...book,
        limits: {},
        budgets: [{ ...first, limit_points: 60 }, ...budgetsToPickFrom.slice(1)],
      }),
    },
    ...{ from: begins, to },
  })
  const ofGifts = less.byBudget.filter(({ budgetId }) => budgetId === 'gifts')
  expect(less.countedAnew).toBe(less.operations)
  expect(ofGifts.length).toBeGreaterThan(1)
  expect(ofGifts.map(({ after }) => after)).toEqual(ofGifts.map(() => 60))
  expect(ofGifts.map(({ end }) => end?.isSeen)).toEqual(ofGifts.map(() => true))

  const draft = await tryFile(house, {
    ...{ file: await fileOf({ base: { cashback_basis_points: 0 } }), from: begins, to },
  })
  expect(draft).toMatchObject({
    ...{ operations: live.operations, points: { before: live.points.before, after: 0 } },
    ...{ customers: { better: 0, worse: 3, same: 0 }, skipped: {} },
  })

  const shown = await showCustomer({ ...house, now: to }, { card: '300001' })
  expect(shown.purchases.length).toBeGreaterThan(5)
  expect(textOfCustomer(shown)).toContain('every-third other_purchase')
})
