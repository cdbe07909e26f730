import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, toIso } from '../../shared/time.ts'
import { performWithin } from '../acts/act.ts'
import { eraseCustomer, freezeCustomer } from '../acts/customers.ts'
import { unmergeCustomers } from '../acts/merges.ts'
import { byAdmin } from '../acts/testing.ts'
import { createTestDatabase, insist, type TestDatabase } from '../database/testing.ts'
import { readOn } from '../feed/reader.ts'
import { checkFacts } from '../insight/facts/check.ts'
import { createFactsReader } from '../insight/facts/reader.ts'
import { retention } from '../jobs/retention.ts'
import { runAudit } from './audit.ts'
import { publishBook } from './books.ts'
import { readChanges } from './changes.ts'
import { forgetCounts, keepCountsFrom } from './forgetCounts.ts'
import { readHistory } from './history.ts'
import { post, postWithin } from './post.ts'
import { findPurchases } from './purchases.ts'
import { createQueue } from './queue.ts'
import { findCustomer } from './read.ts'
import type { Request } from './request.ts'
import {
  addStores,
  adjust,
  admin,
  apply,
  earn,
  merge,
  neighbour,
  noon,
  redeem,
  refund,
  release,
  stranger,
  till,
} from './testing/makers.ts'

const PHONE = '111111'
const PLASTIC = '222222'
const OLD = '333333'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
  const { sql } = database
  await addStores(sql)
  await sql`insert into registers (store_id, name, key_hash) values (1, 'Касса 1', 'a'), (1, 'Касса 2', 'b'), (2, 'Касса 1', 'c')`
  await sql`
    insert into customers (card, first_name, created_at)
    select card, name, ${toIso(noon)} from (values (${PHONE}, 'Анна'), (${PLASTIC}, 'Анна П.'), (${OLD}, 'Аня')) v (card, name)`
  await sql`insert into people (telegram_id, customer_id, language) values (1, 1, 'ru')`
})
afterEach(async () => {
  expect(await runAudit(database.sql)).toEqual([])
  await database.drop()
})

const ask = (requests: Request[], now = noon) => post(database.sql, requests, { now: () => now })
const together = (changes: Parameters<typeof merge>[1] = {}) => merge(PLASTIC, { card: PHONE, ...changes })
const seen = (card: string, now = noon) => findCustomer(database.sql, card, now)
const accepted = (earned: number, available: number) => ({
  ...{ status: 'accepted', earned, customer: { card: PHONE, available } },
})

describe('two cards that became one', () => {
  it('are found by either number, with the points of both', async () => {
    await ask([earn(100_000, { card: PHONE }), earn(50_000, { card: PLASTIC, author: stranger })])
    expect(await ask([together()])).toMatchObject([accepted(0, 60)])
    for (const card of [PHONE, PLASTIC])
      expect(await seen(card)).toMatchObject({ card: PHONE, firstName: 'Анна', available: 60 })
  })

  it('are two still where something of it cannot be written down', async () => {
    const { sql } = database
    await ask([earn(100_000, { card: PHONE }), earn(50_000, { card: PLASTIC, author: stranger })])
    const lastEntries = await sql`select id, last_entry from customers`
    await sql`update customers set last_entry = 2147483647`
    await expect(ask([together()])).rejects.toThrow(RangeError)
    expect(await sql`select from merges`).toEqual([])
    expect(await sql`select from customers where merged_into is not null`).toEqual([])
    for (const { id, last_entry } of lastEntries)
      await sql`update customers set last_entry = ${last_entry} where id = ${id}`
  })

  it('earn and spend by either number, also in the batch that made them one', async () => {
    const before = earn(100_000, { card: PLASTIC })
    const spent = redeem(50, { card: PLASTIC })
    expect(
      await ask([
        before,
        together(),
        earn(50_000, { card: PLASTIC, author: neighbour }),
        spent,
        apply(spent),
        refund(before),
      ]),
    ).toMatchObject([
      { status: 'accepted', earned: 40, customer: { card: PLASTIC } },
      accepted(0, 40),
      accepted(20, 60),
      { status: 'accepted', customer: { card: PHONE, available: 10, held: 50 } },
      { status: 'accepted', spent: 50 },
      { status: 'accepted', earned: -40 },
    ])
  })

  it('return what either bought, whoever has the points by now', async () => {
    const [bought, paid] = [earn(100_000, { card: PLASTIC }), redeem(30, { card: PLASTIC })]
    await ask([bought, earn(100_000, { card: PLASTIC, author: neighbour }), paid, apply(paid), together()])
    const before = (await seen(PHONE))?.available ?? 0
    const [returned, other] = await ask([refund(paid), refund(bought)])
    expect(returned).toMatchObject({ status: 'accepted', spent: -30, customer: { card: PHONE } })
    // 30 points come back, and what the purchases had earned goes: 40, and 4 % of 9,970.
    expect(other).toMatchObject({ customer: { available: before + 30 - 399 - 40, debt: 0 } })
  })

  it('owe nothing for what expired on the plastic card, or on the phone after it', async () => {
    const [first, second] = [
      earn(100_000, { card: PLASTIC }),
      earn(50_000, { card: PLASTIC, at: noon + DAY, author: neighbour }),
    ]
    await ask([first, second], noon + DAY)
    const between = noon + 45 * DAY
    await ask([together({ at: between })], between)
    expect(await seen(PHONE, between)).toMatchObject({ available: 20 })
    const later = noon + 50 * DAY
    expect(await ask([refund(first, { at: later }), refund(second, { at: later })], later)).toMatchObject([
      { earned: 0, customer: { debt: 0 } },
      { earned: 0, customer: { debt: 0 } },
    ])
  })

  it('are asked about a second equal purchase, by whichever number it is', async () => {
    const bought = earn(100_000, { card: PLASTIC })
    await ask([bought, together()])
    expect(await ask([earn(100_000, { card: PHONE, at: noon + 1000 })])).toMatchObject([
      { code: 'duplicate_transaction', details: { duplicateOf: bought.id } },
    ])
  })

  it('have one history, and a receipt of before is found by either number', async () => {
    await ask([
      earn(100_000, { card: PLASTIC, receipt: 'ТД-7' }),
      together(),
      earn(50_000, { card: PHONE, at: noon + 1000 }),
    ])
    const { sql } = database
    const page = await readHistory(sql, 1, { before: undefined, limit: 10, shownDays: 45, now: noon + 2000 })
    expect(page.items.map(({ kind, change }) => [kind, change])).toEqual([
      ['purchase', 20],
      ['purchase', 40],
    ])
    for (const card of [PHONE, PLASTIC]) {
      const wanted = {
        ...{ programmeId: 1, storeId: 1, returnsOf: 'store' as const, receipt: 'ТД-7', card },
        ...{ day: undefined, limit: 5 },
      }
      expect(await findPurchases(sql, { ...wanted, zone: 'Europe/Moscow', now: noon })).toMatchObject([
        { receipt: 'ТД-7', card: PHONE },
      ])
    }
  })

  it('count as one: purchases, and what is known of a customer', async () => {
    const { sql } = database
    await ask([earn(100_000, { card: PLASTIC }), earn(50_000, { card: PHONE })])
    await readOn(sql, createFactsReader('Europe/Moscow'))
    await ask([together()])
    await readOn(sql, createFactsReader('Europe/Moscow'))
    expect(await sql`select id, purchases from customers where purchases > 0`).toEqual([
      { id: 1, purchases: 2 },
    ])
    expect(
      await sql`select customer_id as id, purchases, net_kopecks as kopecks from customer_facts`,
    ).toEqual([{ id: 1, purchases: 2, kopecks: 150_000 }])
    expect((await checkFacts(sql, { timeZone: 'Europe/Moscow' })).differing).toBe(0)
  })

  it('are told to every store that knew one of them: who stays, and that the other number stands for them', async () => {
    await ask([earn(100_000, { card: PHONE }), earn(50_000, { card: PLASTIC, author: stranger })])
    const { sql } = database
    const changes = (since?: string) =>
      readChanges(sql, { programmeId: 1, storeId: 2, since, limit: 10, now: noon })
    const first = await changes()
    expect(first.customers).toMatchObject([{ card: PLASTIC, available: 20 }])
    await ask([together()])
    const expected = [
      { card: PHONE, available: 60, status: 'active' },
      { card: PLASTIC, firstName: null, available: 0, status: 'erased', mergedInto: PHONE },
    ]
    expect((await changes(first.cursor)).customers).toMatchObject(expected)
    expect((await changes()).customers).toMatchObject(expected)
  })

  it('are told to the person who has the phone, and to nobody else', async () => {
    await ask([earn(50_000, { card: PLASTIC }), together()])
    expect(await ask([merge(OLD, { card: PLASTIC, author: admin })])).toMatchObject([accepted(0, 20)])
    expect(
      await database.sql`select customer_id as id, kind, facts from notifications order by created_at, reference`,
    ).toEqual([
      { id: 1, kind: 'merged', facts: { card: PLASTIC, points: 20, available: 20, debt: 0 } },
      { id: 1, kind: 'merged', facts: { card: OLD, points: 0, available: 20, debt: 0 } },
    ])
  })

  it('are forgotten together, and staff name the number that stays', async () => {
    const { sql } = database
    await ask([earn(50_000, { card: PLASTIC }), together()])
    await expect(
      sql.begin((sql) => performWithin(sql, freezeCustomer, { card: PLASTIC }, byAdmin(database.sql))),
    ).rejects.toMatchObject({ code: 'customer_merged' })
    await sql.begin((sql) => performWithin(sql, eraseCustomer, { card: PHONE }, byAdmin(database.sql)))
    expect([await seen(PHONE), await seen(PLASTIC)]).toEqual([null, null])
    expect(await ask([earn(1000, { card: PLASTIC })])).toMatchObject([{ code: 'customer_not_found' }])
    expect(await sql`select card from erasures order by card`).toEqual([{ card: PHONE }, { card: PLASTIC }])
    expect(await sql`select first_name from customers where first_name is not null`).toEqual([
      { first_name: 'Аня' },
    ])
  })

  it('stay right when what is old is folded', async () => {
    const { sql } = database
    const spent = redeem(20, { card: PLASTIC })
    await ask([earn(100_000, { card: PLASTIC }), spent, apply(spent), earn(50_000, { card: PHONE })])
    await ask([together({ at: noon + DAY })], noon + DAY)
    for (const days of [400.5, 402]) {
      await retention(sql, { now: noon + days * DAY })
      expect(await runAudit(sql)).toEqual([])
    }
  })
})

describe('merging again', () => {
  it('the same id is answered the same, and moves nothing', async () => {
    const request = together()
    await ask([earn(50_000, { card: PLASTIC }), request])
    expect(await ask([request])).toMatchObject([{ ...accepted(0, 20), replay: true }])
    expect(await ask([{ ...request, otherCard: OLD }])).toMatchObject([{ code: 'id_reused' }])
  })

  it('in the other order and by another till it has been done already', async () => {
    await ask([earn(50_000, { card: PLASTIC }), together()])
    expect(await ask([merge(PHONE, { card: PLASTIC, author: stranger })])).toMatchObject([
      { ...accepted(0, 20), replay: false },
    ])
    expect(await database.sql`select count(*)::int as merges from merges`).toEqual([{ merges: 1 }])
  })

  it('a chain leads to its end, and a circle is none', async () => {
    await ask([earn(50_000, { card: OLD }), earn(75_000, { card: PLASTIC })])
    await ask([merge(OLD, { card: PLASTIC, author: admin })])
    expect(await seen(OLD)).toMatchObject({ card: PLASTIC, available: 50 })
    // Whoever shows the oldest card brings all that it stands for.
    await ask([merge(OLD, { card: PHONE })])
    for (const card of [OLD, PLASTIC, PHONE])
      expect(await seen(card)).toMatchObject({ card: PHONE, available: 50 })
    expect(await ask([merge(OLD, { card: PLASTIC, author: admin })])).toMatchObject([accepted(0, 50)])
  })

  it('two plastic cards come to one phone, one after the other', async () => {
    await ask([earn(50_000, { card: OLD }), earn(75_000, { card: PLASTIC })])
    expect(await ask([together(), merge(PHONE, { card: OLD })])).toMatchObject([
      accepted(0, 30),
      accepted(0, 50),
    ])
  })
})

describe('a merge that is undone', () => {
  const part = (card = PLASTIC, now = noon) =>
    database.sql.begin(async (sql) => {
      const by = { ...byAdmin(database.sql), now }
      return await performWithin(sql, unmergeCustomers, { card, reason: 'не тот человек' }, by)
    })
  const available = async (now = noon) =>
    await Promise.all([PHONE, PLASTIC, OLD].map(async (card) => (await seen(card, now))?.available))

  it('gives back points and purchases, and the number is its own again', async () => {
    const { sql } = database
    const bought = earn(100_000, { card: PLASTIC, author: stranger })
    await ask([bought, earn(50_000, { card: PHONE }), together()])
    await readOn(sql, createFactsReader('Europe/Moscow'))
    expect(await part()).toMatchObject({ customer: { card: PLASTIC, available: 40 }, from: PHONE, stays: 0 })
    expect(await available()).toEqual([20, 40, 0])
    await readOn(sql, createFactsReader('Europe/Moscow'))
    expect(
      await sql`select customer_id as id, purchases, net_kopecks as kopecks from customer_facts order by 1`,
    ).toEqual([
      { id: 1, purchases: 1, kopecks: 50_000 },
      { id: 2, purchases: 1, kopecks: 100_000 },
    ])
    const page = await readChanges(sql, {
      programmeId: 1,
      storeId: 2,
      since: undefined,
      limit: 10,
      now: noon,
    })
    expect(page.customers).toMatchObject([
      { card: PHONE, available: 20, status: 'active' },
      { card: PLASTIC, available: 40, status: 'active' },
    ])
    expect(page.customers[1]).not.toHaveProperty('mergedInto')
    expect(await ask([refund(bought, { author: stranger })])).toMatchObject([
      { earned: -40, customer: { card: PLASTIC, available: 0, debt: 0 } },
    ])
    await expect(part()).rejects.toMatchObject({ code: 'not_merged' })
    await expect(part('999999')).rejects.toMatchObject({ code: 'customer_not_found' })
  })

  it('brings back nothing that was counted of days that are kept no longer', async () => {
    const { sql } = database
    const gift = { id: 'gift', title: 'gift', award: { type: 'points', points: 7 } }
    const document = bookDocumentSchema.parse({
      rules: [{ ...gift, uses: { per_day: 1, total: 9 } }],
      limits: { points_per_customer_day: 1000 },
    })
    const by = { by: 'admin:anna', reason: 'a test' }
    await sql.begin((sql) => publishBook(sql, { programmeId: 1, document, validFrom: 0, now: 0, ...by }))
    await ask([earn(100_000, { card: PLASTIC })])
    await keepCountsFrom(sql, 1, '2026-01-01')
    await forgetCounts(sql, [2], '2026-01-01')
    await ask([together()])
    await part()
    expect(await sql`select day from customer_days`).toEqual([])
    expect(await sql`select period from rule_uses`).toEqual([{ period: 'total' }])
  })

  it('leaves spent what was spent, and with the phone what was bought meanwhile', async () => {
    await ask([earn(100_000, { card: PLASTIC }), earn(25_000, { card: PHONE }), together()])
    const spent = redeem(30, { card: PHONE })
    await ask([earn(50_000, { card: PLASTIC, author: neighbour }), spent, apply(spent)])
    const before = (await seen(PHONE))?.available ?? 0
    const undone = await part()
    expect(undone).toMatchObject({ customer: { available: 40 }, stays: 0 })
    expect(await available()).toEqual([before - 40, 40, 0])
    await ask([together()])
    const more = redeem(before - 15, { card: PHONE, confirmDuplicate: true })
    await ask([more])
    expect(await part()).toMatchObject({ customer: { available: 15 }, stays: 25 })
  })

  it('takes a purchase back whose points stay with the phone, as a till told late that 1C took its discount', async () => {
    const yesterday = noon - DAY
    await ask([earn(100_000, { card: PLASTIC, at: yesterday })], yesterday)
    const spent = redeem(40, { card: PLASTIC, purchaseKopecks: 1_000_000 })
    await ask([spent, release(spent, { author: admin }), together(), apply(spent)])
    expect(await part()).toMatchObject({ customer: { available: 0 } })
    expect(await available()).toEqual([398, 0, 0])
    // The points of the purchase are in a lot of the phone's: its own customer pays with what comes back, and owes the rest.
    expect(await ask([refund(spent)])).toMatchObject([
      { status: 'accepted', earned: -398, customer: { card: PLASTIC, available: 0, debt: 358 } },
    ])
    expect(await available()).toEqual([398, 0, 0])
  })

  it('gives points back that a late discount took from a lot of the phone', async () => {
    const yesterday = noon - DAY
    await ask([earn(100_000, { card: PLASTIC, at: yesterday })], yesterday)
    const spent = redeem(40, { card: PLASTIC, purchaseKopecks: 1_000_000 })
    const all = redeem(40, { card: PHONE, purchaseKopecks: 500_000 })
    await ask([spent, release(spent, { author: admin }), together(), all, apply(all)])
    await ask([earn(2_000_000, { card: PHONE }), apply(spent)])
    await part()
    const [phone] = await available()
    expect(await ask([refund(spent)])).toMatchObject([
      { status: 'accepted', earned: -398, spent: -40, customer: { card: PLASTIC, available: 0, debt: 358 } },
    ])
    expect((await available())[0]).toBe(phone)
  })

  it('takes its returns with it, and a debt that came with it', async () => {
    const { sql } = database
    const [bought, paid] = [earn(100_000, { card: PLASTIC }), redeem(40, { card: PLASTIC })]
    await ask([bought, paid, apply(paid)])
    await ask([together(), refund(bought, { refundKopecks: 50_000 }), refund(paid)])
    await part()
    expect(await sql`select kind, customer_id as id from operations where kind = 'refund'`).toEqual([
      { kind: 'refund', id: 2 },
      { kind: 'refund', id: 2 },
    ])
    expect(await ask([refund(bought)])).toMatchObject([{ status: 'accepted', customer: { card: PLASTIC } }])
    expect(await ask([refund(bought)])).toMatchObject([{ code: 'over_refund' }])
  })

  it('leaves a return with its purchase, whoever was merged into whom before', async () => {
    const bought = earn(100_000, { card: OLD })
    await ask([
      bought,
      merge(OLD, { card: PLASTIC, author: admin }),
      refund(bought, { refundKopecks: 50_000 }),
    ])
    await part(OLD)
    // Now the other one is given up, and has the entries of the return.
    await ask([merge(PLASTIC, { card: OLD, author: admin })])
    await part(PLASTIC)
    expect(await ask([refund(bought, { refundKopecks: 60_000 })])).toMatchObject([{ code: 'over_refund' }])
    expect(await ask([refund(bought)])).toMatchObject([{ status: 'accepted', earned: -20 }])
  })

  it('may be forgiven afterwards what it might have been before', async () => {
    const bought = earn(100_000, { card: PLASTIC })
    await ask([bought])
    const later = noon + 46 * DAY
    await ask([together({ at: later })], later)
    await part(PLASTIC, later)
    expect(await ask([refund(bought, { at: later })], later)).toMatchObject([
      { earned: 0, customer: { card: PLASTIC, debt: 0 } },
    ])
  })

  it.each([
    ['the last one', PLASTIC, [0, 50, 50]],
    ['the first one', OLD, [30, 30, 20]],
  ])('of a chain: %s', async (_which, card, expected) => {
    await ask([earn(50_000, { card: OLD }), earn(75_000, { card: PLASTIC })])
    await ask([merge(OLD, { card: PLASTIC, author: admin })])
    await ask([together()])
    await part(card)
    expect(await available()).toEqual(expected)
  })

  it.each([
    ['the first one before the last one', [OLD, PLASTIC]],
    ['the last one before the first one', [PLASTIC, OLD]],
  ])('of a chain gives nobody what another has earned: %s', async (_which, cards) => {
    await ask([earn(50_000, { card: OLD }), earn(75_000, { card: PLASTIC }), earn(200_000, { card: PHONE })])
    await ask([merge(OLD, { card: PLASTIC, author: admin })])
    await ask([together()])
    for (const card of cards) await part(card)
    expect(await available()).toEqual([80, 30, 20])
  })

  it('of a chain gives back nothing that was gone before the card was merged on', async () => {
    await ask([earn(50_000, { card: OLD }), earn(200_000, { card: PHONE })])
    await ask([merge(OLD, { card: PLASTIC, author: admin }), adjust(-20, { card: PLASTIC }), together()])
    await part(OLD)
    expect(await available()).toEqual([80, 80, 0])
  })

  it('owes nothing for what it had brought, and what expired there unspent', async () => {
    const [first, second] = [earn(100_000, { card: PLASTIC }), earn(50_000, { card: OLD })]
    await ask([first, second, merge(OLD, { card: PLASTIC, author: admin }), together()])
    const later = noon + 46 * DAY
    for (const card of [OLD, PLASTIC]) await part(card, later)
    expect(await ask([refund(first, { at: later }), refund(second, { at: later })], later)).toMatchObject([
      { earned: 0, customer: { card: PLASTIC, debt: 0 } },
      { earned: 0, customer: { card: OLD, debt: 0 } },
    ])
  })

  it('stays right when what expired in between is folded', async () => {
    await ask([earn(50_000, { card: PLASTIC }), together()])
    const later = noon + 50 * DAY
    await ask([earn(100_000, { card: PHONE, at: later })], later)
    await part(PLASTIC, later)
    for (const days of [450, 460]) await retention(database.sql, { now: later + days * DAY })
    expect(await runAudit(database.sql)).toEqual([])
  })

  it('can be done again', async () => {
    await ask([earn(100_000, { card: PLASTIC }), together()])
    await part()
    expect(await ask([merge(PHONE, { card: PLASTIC })])).toMatchObject([accepted(0, 40)])
    await part()
    expect(await available()).toEqual([0, 40, 0])
  })
})

describe('two tills at once', () => {
  /** By a process of its own; a busy machine may keep a lock for longer than a till waits for it. */
  const submit = (request: Request) =>
    insist(() => createQueue((requests) => ask(requests)).submit([request]))

  it('merge in both orders, and it happens once', async () => {
    await ask([earn(50_000, { card: PLASTIC })])
    const outcomes = await Promise.all([
      submit(together()),
      submit(merge(PHONE, { card: PLASTIC, author: stranger })),
    ])
    expect(outcomes.flat()).toMatchObject([accepted(0, 20), accepted(0, 20)])
    expect(await database.sql`select count(*)::int as merges from merges`).toEqual([{ merges: 1 }])
  })

  it('sell by the old number while it is merged, and nothing is lost', async () => {
    const sales = Array.from({ length: 12 }, (_, index) =>
      earn(100_000 + index * 100, {
        card: index % 2 === 0 ? PLASTIC : PHONE,
        author: index % 3 ? till : stranger,
      }),
    )
    const submitted = [...sales.slice(0, 6), together(), ...sales.slice(6)].map((request) => submit(request))
    for (const outcome of (await Promise.all(submitted)).flat()) expect(outcome.status).toBe('accepted')
    for (const card of [PHONE, PLASTIC])
      expect(await seen(card)).toMatchObject({ card: PHONE, available: 12 * 40 })
  })

  it('a sale that waits for the card while it is merged is one of who stays', async () => {
    const { sql } = database
    const sale = earn(100_000, { card: PLASTIC })
    const [merged, sold] = await sql.begin(async (tx) => {
      const merged = await postWithin(tx, [together()], { now: () => noon })
      const sold = submit(sale)
      await expect
        .poll(() => sql`select count(*)::int as waiting from pg_locks where not granted`)
        .toEqual([{ waiting: 1 }])
      return [merged, () => sold] as const
    })
    expect(merged).toMatchObject([{ status: 'accepted' }])
    expect(await sold()).toMatchObject([accepted(40, 40)])
  })
})
