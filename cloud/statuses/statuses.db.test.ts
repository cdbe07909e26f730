import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type BookDocument, bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { perform, performWithin } from '../acts/act.ts'
import { unmergeCustomers } from '../acts/merges.ts'
import { setStatus } from '../acts/statuses.ts'
import { byAdmin } from '../acts/testing.ts'
import type { Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runJob } from '../jobs/run.ts'
import { addCustomers, execute, executeTogether, expectHealthy } from '../jobs/testing.ts'
import { publishBook } from '../ledger/books.ts'
import { readChanges } from '../ledger/changes.ts'
import { readCounts } from '../ledger/loadCounts.ts'
import { post } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import { adjust, admin, apply, earn, merge, redeem, refund } from '../ledger/testing/makers.ts'
import { createStatusFollower, createStatusJob } from './jobs.ts'

const timeZone = 'Europe/Moscow'
const follower = createStatusFollower({ timeZone })
const daily = createStatusJob({ timeZone })

const status = (name: string, from: number, rest: object = {}) => ({
  ...{ name, title: name, colour: '#808080', from, cashback_basis_points: 500, ...rest },
})
const bronze = status('bronze', 0)
const silver = status('silver', 1_000_000, { keep: 800_000, cashback_basis_points: 1000 })
const gold = status('gold', 3_000_000, {
  ...{ keep: 2_000_000, cashback_basis_points: 1500, max_discount_basis_points: 3000 },
})
const terms = { period: { type: 'rolling_months', months: 3 }, notice_days: 14, grace_days: 2 }
const ladder = { statuses: [bronze, silver, gold], status_terms: terms }

/** The first of January, as noon of Moscow. */
const START = Date.parse('2026-01-01T09:00:00.000Z')
const noonOf = (day: number): Instant => START + day * DAY
/** The job of that morning. */
const morningOf = (day: number): Instant => START + day * DAY - 4 * 60 * MINUTE

let database: TestDatabase
let sql: Sql
const open = async () => {
  database = await createTestDatabase()
  sql = database.sql
}

async function publish(document: object, at: Instant = 0): Promise<void> {
  const parsed: BookDocument = bookDocumentSchema.parse(document)
  await sql.begin((sql) =>
    publishBook(sql, {
      ...{ programmeId: 1, document: parsed, validFrom: at, now: at, by: 'admin:anna', reason: 'a test' },
    }),
  )
}

const follow = (now: Instant) => runJob(sql, follower, { now })
async function spendMorning(now: Instant): Promise<number> {
  const run = await runJob(sql, daily, { now })
  return run.status === 'done' ? (run.result.changed ?? 0) : -1
}

/** What was written about a customer: when, why, and what they had then. */
async function storiesOf(cards: string[]): Promise<Map<string, string[]>> {
  const rows = await sql<{ card: string; at: Instant; cause: string; after: string | null }[]>`
    select card, s.at, s.cause, s.after from status_snapshots s join customers on id = customer_id
    where card = any(${cards}) order by seq`
  const stories = new Map(cards.map((card): [string, string[]] => [card, []]))
  for (const { card, at, cause, after } of rows)
    stories.get(card)?.push(`${Math.floor((at - noonOf(0) + DAY / 2) / DAY)} ${cause} ${after}`)
  return stories
}

const storyOf = async (card: string) => (await storiesOf([card])).get(card)

describe('thirteen months of a chain', () => {
  type Deed = [day: number, what: 'buys' | 'returns' | 'redeems' | 'is given gold for', amount: number]
  const people: Record<string, { deeds: Deed[]; story: string[] }> = {
    'buys a kopeck too little': { deeds: [[0, 'buys', 999_999]], story: [] },
    'buys once and stays away': {
      deeds: [[0, 'buys', 1_000_000]],
      // On the second of April the first of January is more than three months ago.
      story: ['0 reached silver', '91 notice silver', '107 lost bronze'],
    },
    'is back in time': {
      deeds: [
        [0, 'buys', 1_000_000],
        [100, 'buys', 800_000],
      ],
      story: [
        '0 reached silver',
        '91 notice silver',
        '100 kept silver',
        '192 notice silver',
        '208 lost bronze',
      ],
    },
    'is back too late': {
      deeds: [
        [0, 'buys', 1_000_000],
        [107, 'buys', 800_000],
      ],
      story: ['0 reached silver', '91 notice silver', '107 lost bronze'],
    },
    'rises twice': {
      deeds: [
        [0, 'buys', 1_000_000],
        [10, 'buys', 2_000_000],
      ],
      story: ['0 reached silver', '10 reached gold', '101 notice gold', '117 lost bronze'],
    },
    'falls by a step of what is left': {
      deeds: [
        [0, 'buys', 2_500_000],
        [40, 'buys', 900_000],
      ],
      story: [
        '0 reached silver',
        '40 reached gold',
        '91 notice gold',
        '107 lost silver',
        '130 notice silver',
        '146 lost bronze',
      ],
    },
    'brings back what it was reached with': {
      deeds: [
        [0, 'buys', 3_000_000],
        [5, 'returns', 1_500_000],
      ],
      story: ['0 reached gold', '5 returned silver', '91 notice silver', '107 lost bronze'],
    },
    'brings back everything': {
      deeds: [
        [0, 'buys', 3_000_000],
        [5, 'returns', 3_000_000],
      ],
      story: ['0 reached gold', '5 returned bronze'],
    },
    'spends points, which lowers nobody': {
      deeds: [
        [0, 'buys', 1_100_000],
        [1, 'redeems', 500],
      ],
      story: ['0 reached silver', '91 notice silver', '107 lost bronze'],
    },
    'is given a status': { deeds: [[3, 'is given gold for', 27]], story: ['3 set gold', '30 ended bronze'] },
    'is given the one they keep': {
      deeds: [
        [0, 'buys', 800_000],
        [40, 'buys', 2_200_000],
        [95, 'is given gold for', 20],
      ],
      // Of what gold was reached with 2,200,000 is left, with which it is kept and not reached.
      story: ['40 reached gold', '95 set gold', '115 ended gold', '130 notice gold', '146 lost bronze'],
    },
    'is given one and earns less': {
      deeds: [
        [3, 'is given gold for', 27],
        [20, 'buys', 1_000_000],
      ],
      story: ['3 set gold', '30 ended silver', '111 notice silver', '127 lost bronze'],
    },
  }
  /** Of each, so that there are a thousand customers. */
  const COPIES = 91
  const cards = new Map(
    Object.keys(people).map((name, index) => [
      name,
      Array.from({ length: COPIES }, (_, copy) => String(300_000 + index * COPIES + copy)),
    ]),
  )

  beforeAll(async () => {
    await open()
    await publish(ladder)
    await addCustomers(sql, ...[...cards.values()].flat())
    for (const day of daysThatMatter()) {
      const changed = await spendMorning(morningOf(day))
      // Where the first run changed nothing, the second is the first once more.
      if (changed > 0) expect(await spendMorning(morningOf(day))).toBe(0)
      const deeds = Object.entries(people).flatMap(([name, { deeds }]) =>
        deeds.filter(([on]) => on === day).map((deed) => ({ theirs: cards.get(name) ?? [], deed })),
      )
      for (const { theirs, deed } of deeds) await doDeed(theirs, deed)
      if (deeds.length > 0) {
        await follow(noonOf(day))
        await follow(noonOf(day))
      }
    }
  })
  afterAll(() => database.drop())

  /** Around each day on which something happens or may, and now and then beside those. */
  function daysThatMatter(): number[] {
    const known = Object.values(people).flatMap(({ deeds, story }) => [
      ...deeds.map(([day]) => day),
      ...story.map((change) => Number.parseInt(change, 10)),
    ])
    const beside = Array.from({ length: 13 }, (_, index) => index * 30)
    const days = new Set([...known.flatMap((day) => [day - 1, day, day + 1]), ...beside, 395])
    return [...days].filter((day) => day >= 0).sort((a, b) => a - b)
  }

  const bought = new Map<string, string>()
  async function doDeed(cards: string[], [day, what, amount]: Deed): Promise<void> {
    const at = noonOf(day)
    if (what === 'is given gold for') {
      const until = toIso(at + amount * DAY - DAY / 2)
      const by = byAdmin(sql, at)
      const given = (card: string) => ({ card, status: 'gold', until, reason: 'a friend' })
      await sql.begin(async (sql) => {
        for (const card of cards) await performWithin(sql, setStatus, given(card), by)
      })
      return
    }
    await executeTogether(
      sql,
      cards.flatMap((card) => requestsOf(card, what, { amount, at })),
    )
  }

  function requestsOf(
    card: string,
    what: Exclude<Deed[1], 'is given gold for'>,
    { amount, at }: { amount: number; at: Instant },
  ): Request[] {
    if (what === 'returns') return [refund({ id: bought.get(card) ?? '' }, { refundKopecks: amount, at })]
    if (what === 'redeems') {
      const spent = redeem(amount, { card, at, purchaseKopecks: 500_000 })
      return [spent, apply(spent, { at })]
    }
    const purchase = earn(amount, { card, at })
    bought.set(card, purchase.id)
    return [purchase]
  }

  it.each(Object.entries(people))('who %s', async (name, { story }) => {
    const theirs = cards.get(name) ?? []
    expect(await storiesOf(theirs)).toEqual(new Map(theirs.map((card) => [card, story])))
  })

  it('have more than a thousand customers', async () => {
    expect((await sql`select from customers`).length).toBeGreaterThan(1000)
  })

  it('leaves a healthy ledger', () => expectHealthy(sql))
})

describe('a status', () => {
  const card = '111111'
  beforeEach(async () => {
    await open()
    await addCustomers(sql, card)
    return () => database.drop()
  })

  const setByHand = (card: string, status: string, { from, until }: { from: Instant; until: Instant }) =>
    perform(setStatus, { card, status, until: toIso(until), reason: 'a friend' }, byAdmin(sql, from))

  const earned = async (request: Request) => {
    const [outcome] = await post(sql, [request], { now: () => noonOf(9) })
    return outcome?.status === 'accepted' ? outcome.earned : outcome?.code
  }

  it('has its own cashback and largest discount, from its beginning on', async () => {
    await publish(ladder)
    expect(await earned(earn(3_000_000, { card, at: noonOf(9) }))).toBe(1500)
    await follow(noonOf(9) + MINUTE)
    // A queue that comes late is judged by what they had at the time.
    expect(await earned(earn(100_000, { card, at: noonOf(9) + MINUTE - 1 }))).toBe(50)
    expect(await earned(earn(100_001, { card, at: noonOf(9) + MINUTE }))).toBe(150)
    const spent = redeem(301, { card, at: noonOf(9) + MINUTE, purchaseKopecks: 100_000 })
    expect(await earned(spent)).toBe('over_discount_limit')
    expect(await earned({ ...spent, id: crypto.randomUUID(), points: 300 })).toBe(0)
    const [kept] = await sql`select quote from operations where purchase_kopecks = 100001`
    expect(kept?.quote).toMatchObject({ awards: [{ statusName: 'gold' }], facts: { status: 'gold' } })
    await expectHealthy(sql)
  })

  it('is given anew to everybody by another book, and told to nobody one by one', async () => {
    await sql`insert into people (telegram_id, customer_id, language) values (1, 1, 'ru')`
    await execute(sql, earn(1_000_000, { card, at: noonOf(0) }))
    await follow(noonOf(0))
    expect(await storyOf(card)).toEqual([])
    await publish(ladder, noonOf(1))
    await follow(noonOf(1))
    expect(await storyOf(card)).toEqual(['1 book silver'])
    expect(await sql`select from notifications where kind = 'status'`).toHaveLength(0)
    await publish(
      { statuses: [bronze, { ...gold, from: 900_000, keep: 900_000 }], status_terms: terms },
      noonOf(2),
    )
    await follow(noonOf(2))
    expect(await storyOf(card)).toEqual(['1 book silver', '2 book gold'])
    await publish({}, noonOf(3))
    await follow(noonOf(3))
    expect(await earned(earn(100_000, { card, at: noonOf(9) }))).toBe(40)
    await expectHealthy(sql)
  })

  it('of a card that is merged goes on, and is lost once like any other', async () => {
    const plastic = '222222'
    await addCustomers(sql, plastic)
    await publish(ladder)
    await follow(noonOf(0))
    await execute(sql, earn(1_000_000, { card: plastic, at: noonOf(0) }))
    await follow(noonOf(0))
    await execute(sql, earn(850_000, { card: plastic, at: noonOf(40) }))
    await spendMorning(morningOf(92))
    // It is kept by what was bought later, and reached by nothing any more.
    expect(await storyOf(plastic)).toEqual(['0 reached silver'])
    await execute(sql, merge(plastic, { card, author: admin, at: noonOf(92) }))
    await follow(noonOf(92) + MINUTE)
    expect(await storyOf(card)).toEqual(['92 merged silver'])
    for (const day of [131, 132, 147, 148, 149, 160]) await spendMorning(morningOf(day))
    expect(await storyOf(card)).toEqual(['92 merged silver', '131 notice silver', '147 lost bronze'])
    await expectHealthy(sql)
  })

  describe('of a card that is merged', () => {
    const [plastic, between] = ['222222', '333333']
    const mergeInto = (card: string, given: string, at: Instant) =>
      execute(sql, merge(given, { card, author: admin, at }))
    const unmerge = (card: string, now: Instant) =>
      perform(unmergeCustomers, { card, reason: 'a test' }, byAdmin(sql, now))
    beforeEach(async () => {
      await addCustomers(sql, plastic, between)
      await publish(ladder)
      await follow(noonOf(0))
      await execute(sql, earn(1_000_000, { card: plastic, at: noonOf(0) }))
      await follow(noonOf(0))
      await execute(sql, earn(850_000, { card: plastic, at: noonOf(40) }))
      expect(await storyOf(plastic)).toEqual(['0 reached silver'])
    })

    it('goes on over two merges of which is heard at once', async () => {
      await mergeInto(between, plastic, noonOf(92))
      await mergeInto(card, between, noonOf(92) + 1)
      await follow(noonOf(92) + MINUTE)
      expect(await storyOf(card)).toEqual(['92 merged silver'])
      await expectHealthy(sql)
    })

    it('that was lost on the way comes on no second time', async () => {
      await mergeInto(between, plastic, noonOf(92))
      await follow(noonOf(92) + MINUTE)
      await publish({ ...ladder, status_terms: { ...terms, notice_days: 0, grace_days: 0 } }, noonOf(93))
      await execute(sql, adjust(1, { card: between, at: noonOf(93) }))
      for (const day of [131, 132]) await spendMorning(morningOf(day))
      expect(await storyOf(between)).toEqual(['92 merged silver', '131 lost bronze'])
      await mergeInto(card, between, noonOf(132))
      await follow(noonOf(132) + MINUTE)
      expect(await storyOf(card)).toEqual([])
    })

    it('stays where it was when the first of two merges was undone before they were heard of', async () => {
      await mergeInto(between, plastic, noonOf(92))
      await mergeInto(card, between, noonOf(92) + 1)
      await unmerge(plastic, noonOf(92) + 2)
      await follow(noonOf(92) + MINUTE)
      expect(await storyOf(card)).toEqual([])
      expect(await storyOf(between)).toEqual([])
    })

    it('goes with the card between when the second of two merges is undone', async () => {
      await mergeInto(between, plastic, noonOf(92))
      await mergeInto(card, between, noonOf(92) + 1)
      await unmerge(between, noonOf(92) + 2)
      await follow(noonOf(92) + MINUTE)
      expect(await storyOf(card)).toEqual([])
      expect(await storyOf(between)).toEqual(['92 merged silver'])
    })

    it.each([
      ['after an outage of days', 7 * DAY - MINUTE, ['99 merged silver']],
      ['and not of a merge of long ago', 7 * DAY, []],
    ])('goes on %s', async (_when, later, story) => {
      await mergeInto(card, plastic, noonOf(92))
      await follow(noonOf(92) + later)
      expect(await storyOf(card)).toEqual(story)
    })

    it('ends, and the one that a person had set for longer goes on', async () => {
      await setByHand(card, 'silver', { from: noonOf(50), until: morningOf(110) })
      await setByHand(plastic, 'gold', { from: noonOf(50), until: morningOf(100) })
      await mergeInto(card, plastic, noonOf(92))
      await follow(noonOf(92) + MINUTE)
      for (const day of [99, 100, 101, 109, 110]) await spendMorning(morningOf(day))
      expect(await storyOf(card)).toEqual([
        ...['50 set silver', '92 set gold', '100 set silver', '110 ended bronze'],
      ])
      await expectHealthy(sql)
    })
  })

  it('that a person has set is still there when goods come back that had reached more', async () => {
    await publish(ladder)
    await follow(noonOf(0))
    await setByHand(card, 'silver', { from: noonOf(1), until: morningOf(60) })
    const purchase = earn(3_000_000, { card, at: noonOf(2) })
    await execute(sql, purchase)
    await follow(noonOf(2))
    await execute(sql, refund(purchase, { at: noonOf(3) }))
    await follow(noonOf(3))
    for (const day of [59, 60]) await spendMorning(morningOf(day))
    expect(await storyOf(card)).toEqual(['1 set silver', '2 reached gold', '3 set silver', '60 ended bronze'])
    await expectHealthy(sql)
  })

  it('that a person has set ends in what was had before it, whatever goods that came back had reached', async () => {
    await publish(ladder)
    await follow(noonOf(0))
    await execute(sql, earn(850_000, { card, at: noonOf(0) }))
    await follow(noonOf(0))
    await setByHand(card, 'silver', { from: noonOf(1), until: morningOf(60) })
    for (const day of [2, 4]) {
      const purchase = earn(3_000_000, { card, at: noonOf(day) })
      await execute(sql, purchase)
      await follow(noonOf(day))
      await execute(sql, refund(purchase, { at: noonOf(day + 1) }))
      await follow(noonOf(day + 1))
    }
    for (const day of [59, 60]) await spendMorning(morningOf(day))
    expect(await storyOf(card)).toEqual([
      ...[
        '1 set silver',
        '2 reached gold',
        '3 set silver',
        '4 reached gold',
        '5 set silver',
        '60 ended bronze',
      ],
    ])
    await expectHealthy(sql)
  })

  it('that is lost by one step is lost no further by the same day, though there is no notice', async () => {
    await publish({ ...ladder, status_terms: { ...terms, notice_days: 0, grace_days: 0, down: 'one_step' } })
    await follow(noonOf(0))
    await execute(sql, earn(3_000_000, { card, at: noonOf(0) }))
    await follow(noonOf(0))
    for (const day of [91, 92])
      expect([await spendMorning(morningOf(day)), await spendMorning(morningOf(day))]).toEqual([1, 0])
    expect(await storyOf(card)).toEqual(['0 reached gold', '91 lost silver', '92 lost bronze'])
  })

  it('is told when it changes and when it is at risk, to who wants to hear', async () => {
    await publish(ladder)
    await sql`insert into people (telegram_id, customer_id, language) values (1, 1, 'ru')`
    await follow(noonOf(0))
    await execute(sql, earn(1_000_000, { card, at: noonOf(0) }))
    await follow(noonOf(0))
    await spendMorning(morningOf(91))
    await sql`update people set notify_status = false`
    await spendMorning(morningOf(107))
    const told = await sql`select facts from notifications where kind = 'status' order by created_at`
    expect(told.map(({ facts }) => facts)).toEqual([
      { what: 'up', title: 'silver', benefits: [] },
      {
        ...{ what: 'at_risk', title: 'silver', metric: 'net_purchases', missing: 800_000 },
        // Two days of grace are more than what is promised.
        until: Date.parse('2026-04-15T21:00:00.000Z'),
      },
    ])
  })

  it('is told to tills with what is missing of the next, by the ledger of this moment', async () => {
    await publish(ladder)
    await execute(sql, earn(2_900_000, { card, at: noonOf(0) }))
    const counts = () => readCounts(sql, { card, programmeId: 1, timeZone, now: noonOf(0) })
    expect((await counts())?.standing).toEqual({ status: 'bronze', value: 2_900_000 })
    await follow(noonOf(0))
    expect((await counts())?.standing).toEqual({ status: 'silver', value: 2_900_000 })
    const page = (since?: string) =>
      readChanges(sql, { programmeId: 1, storeId: 1, since, limit: 9, now: noonOf(0) })
    const first = await page()
    expect(first.customers).toMatchObject([{ card, standing: { status: 'silver', value: 2_900_000 } }])
    const { cursor } = await page(first.cursor)
    await spendMorning(morningOf(92))
    expect((await page(cursor)).customers).toMatchObject([{ card, status: 'active' }])
  })

  it.each([
    ['purchases', 2, [earn(100, { card, at: noonOf(0) }), earn(200, { card, at: noonOf(1) })]],
    ['earned_points', 10, [earn(20_000, { card, at: noonOf(0) })]],
    ['net_purchases', 20_000, [earn(20_000, { card, at: noonOf(0) })]],
  ])('is reached by %s, and not by one less', async (metric, from, requests) => {
    const levels = (from: number) => ({
      statuses: [bronze, status('gold', from)],
      status_terms: { metric, period: { type: 'calendar_year' }, notice_days: 0 },
    })
    await publish(levels(from + 1))
    await execute(sql, ...requests)
    await follow(noonOf(1))
    expect(await storyOf(card)).toEqual([])
    await publish(levels(from), noonOf(2))
    await follow(noonOf(2))
    expect(await storyOf(card)).toEqual(['2 book gold'])
    // A year holds for the next, and not for the one after it.
    expect(await spendMorning(morningOf(365 + 364))).toBe(0)
    expect(await spendMorning(morningOf(365 + 365))).toBe(1)
    expect((await storyOf(card))?.at(-1)).toBe('730 lost bronze')
    await expectHealthy(sql)
  })

  it('cannot be changed behind its back', async () => {
    await publish(ladder)
    await execute(sql, earn(1_000_000, { card, at: noonOf(0) }))
    await follow(noonOf(0))
    await expect(sql`update status_snapshots set after = 'gold'`).rejects.toThrow('append-only')
    await expect(sql`delete from status_snapshots`).rejects.toThrow('append-only')
  })

  it('of nobody is looked after where no book has any', async () => {
    await execute(sql, earn(1_000_000, { card, at: noonOf(0) }))
    await follow(noonOf(0))
    expect(await spendMorning(morningOf(1))).toBe(0)
    expect(await sql`select from feed_readers where name = 'statuses'`).toHaveLength(0)
  })
})
