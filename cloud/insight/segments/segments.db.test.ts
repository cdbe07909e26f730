import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../../shared/rules/book.ts'
import type { Segment } from '../../../shared/segments/definition.ts'
import { DAY, type Instant, MINUTE } from '../../../shared/time.ts'
import { askWithin, perform } from '../../acts/act.ts'
import { publishRuleBook } from '../../acts/books.ts'
import { eraseCustomer } from '../../acts/customers.ts'
import { mergeCustomers } from '../../acts/merges.ts'
import { approveProposal } from '../../acts/proposals.ts'
import { addSegment } from '../../acts/segments.ts'
import { byAdmin } from '../../acts/testing.ts'
import type { Sql } from '../../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../../database/testing.ts'
import { runJob } from '../../jobs/run.ts'
import { addCustomers, execute, expectHealthy } from '../../jobs/testing.ts'
import { publishBook } from '../../ledger/books.ts'
import { readChanges } from '../../ledger/changes.ts'
import { readCounts } from '../../ledger/loadCounts.ts'
import { earn, refund } from '../../ledger/testing/makers.ts'
import { tryBook } from '../../ledger/tryBook.ts'
import { createFactsJob } from '../facts/jobs.ts'
import { createSegmentFollower } from './follower.ts'
import { namesAskedBy } from './members.ts'
import { previewSegment } from './preview.ts'
import { readSegmentsOf } from './read.ts'

const timeZone = 'Europe/Moscow'
const facts = createFactsJob(timeZone)
const follower = createSegmentFollower({ timeZone })
const noon = Date.parse('2025-12-07T09:00:00.000Z')
const [anna, boris, vera] = ['100001', '100002', '100003']

let database: TestDatabase
let sql: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  sql = database.sql
  await addCustomers(sql, anna, boris, vera)
  await sql`update customers set created_at = ${new Date(noon - 100 * DAY).toISOString()}`
})
afterEach(() => database.drop())

const rule = (id: string, rest: object) => ({ id, title: id, award: { type: 'points', points: 7 }, ...rest })
const publish = (rules: object[], at: Instant = 0) =>
  sql.begin((sql) =>
    publishBook(sql, {
      ...{ programmeId: 1, document: bookDocumentSchema.parse({ rules }), validFrom: at, now: at },
      ...{ by: 'admin:anna', reason: 'a test' },
    }),
  )
const spender = (kopecks: number) => ({
  ...{
    name: 'spenders',
    title: 'Тратят',
    definition: { type: 'sum' as const, of: 'net_kopecks' as const, min: kopecks },
  },
})
const save = (segment: Segment, now = noon) => perform(addSegment, { segment }, byAdmin(sql, now))

async function follow(now: Instant): Promise<void> {
  await runJob(sql, facts, { now })
  await runJob(sql, follower, { now })
}

const membersNow = async () =>
  Object.fromEntries(
    (
      await sql<{ card: string; names: string[] }[]>`
        select card, names from customer_segments join customers on id = customer_id where names <> '{}' order by card`
    ).map(({ card, names }) => [card, names.join(' ')]),
  )

describe('who is in the segments that a book asks for', () => {
  it('is known after a purchase, a return and a day without one', async () => {
    await save(spender(100_000))
    await publish([
      rule('for-spenders', { audience: 'spenders' }),
      rule('wake', { when: [{ type: 'segment', in: ['inactive'] }] }),
    ])
    await follow(noon)
    expect(await membersNow()).toEqual({ [anna]: 'inactive', [boris]: 'inactive', [vera]: 'inactive' })

    const large = earn(100_000, { card: anna, at: noon })
    await execute(sql, large, earn(99_999, { card: boris, at: noon }))
    await follow(noon + MINUTE)
    expect(await membersNow()).toEqual({ [anna]: 'spenders', [vera]: 'inactive' })

    await execute(sql, refund(large, { at: noon + MINUTE, refundKopecks: 1 }))
    await follow(noon + 2 * MINUTE)
    expect(await membersNow()).toEqual({ [vera]: 'inactive' })

    // Until the midnight at which the thirtieth day begins.
    const midnight = Date.parse('2026-01-05T21:00:00.000Z')
    await follow(midnight - 1)
    expect(await membersNow()).toEqual({ [vera]: 'inactive' })
    await follow(midnight)
    expect(await membersNow()).toEqual({ [anna]: 'inactive', [boris]: 'inactive', [vera]: 'inactive' })
  })

  it('is known once more where another book asks for others', async () => {
    await follow(noon)
    expect(await sql`select from feed_readers where name = 'segments'`).toHaveLength(0)
    await publish([rule('wake', { audience: 'inactive' })], noon)
    await follow(noon)
    expect(Object.keys(await membersNow())).toHaveLength(3)
    await publish([rule('rich', { audience: 'high_value' })], noon + DAY)
    // The sales of a till without a network may still be judged by the book before.
    await follow(noon + 2 * DAY)
    expect(Object.keys(await membersNow())).toHaveLength(3)
    await follow(noon + 9 * DAY)
    expect(await membersNow()).toEqual({})
  })

  it('is whoever has become of two, and nobody who was forgotten', async () => {
    await save(spender(150_000))
    await publish([rule('for-spenders', { audience: 'spenders' }), rule('wake', { audience: 'inactive' })])
    await execute(sql, earn(80_000, { card: anna, at: noon }), earn(80_000, { card: boris, at: noon }))
    await follow(noon)
    expect(await membersNow()).toEqual({ [vera]: 'inactive' })
    const by = byAdmin(sql, noon + MINUTE)
    await perform(mergeCustomers, { card: anna, other: boris, reason: 'потеряна' }, by)
    await perform(eraseCustomer, { card: vera }, by)
    expect(await membersNow()).toEqual({})
    await follow(noon + 2 * MINUTE)
    expect(await membersNow()).toEqual({ [anna]: 'spenders' })
    await expectHealthy(sql)
  })
})

describe('what they bring', () => {
  const buy = async (card: string, at: Instant) => {
    const request = earn(100_000, { card, at })
    await execute(sql, request)
    const [row] = await sql<{ earned: number; quote: { skipped: object[]; facts: object } }[]>`
      select earned, quote from operations where id = ${request.id}`
    return row
  }

  it('is what the ledger posts, and a till is told of', async () => {
    await publish([
      rule('wake', { audience: 'inactive' }),
      rule('others', { when: [{ type: 'segment', not_in: ['inactive'] }] }),
    ])
    await follow(noon)
    const first = await buy(anna, noon)
    expect(first).toMatchObject({ earned: 47, quote: { facts: { segments: ['inactive'] } } })
    expect(first?.quote.skipped).toEqual([{ ruleId: 'others', why: 'other_segment' }])
    const changes = async (since?: string) =>
      await readChanges(sql, { programmeId: 1, storeId: 1, since, limit: 10, now: noon + MINUTE, timeZone })
    const before = await changes((await changes()).cursor)
    const lookUp = (now: Instant) => readCounts(sql, { card: anna, programmeId: 1, timeZone, now })
    // Something was just done: what follows from it is not known yet.
    expect(await lookUp(noon + 1)).not.toHaveProperty('segments')
    await follow(noon + 1)
    const after = await changes(before.cursor)
    expect(after.customers).toMatchObject([{ card: anna, segments: [] }])
    const now = Date.now() + 2 * MINUTE
    expect(await lookUp(now)).toMatchObject({ segments: [] })
    expect(await buy(anna, noon + DAY)).toMatchObject({ earned: 47, quote: { facts: { segments: [] } } })
  })

  describe('also before the follower has come to them', () => {
    const lookUp = (card: string, now: Instant) => readCounts(sql, { card, programmeId: 1, timeZone, now })

    it('by a book that asks for a segment from now on', async () => {
      await publish([rule('wake', { audience: 'inactive' })], noon)
      const asked = { programmeId: 1, storeId: 1, since: undefined, limit: 10, now: noon, timeZone }
      await sql`
        insert into store_customers (programme_id, store_id, customer_id, last_seen_at)
        select 1, 1, id, ${new Date(noon).toISOString()} from customers where card = ${anna}`
      expect((await readChanges(sql, asked)).customers).toMatchObject([
        { card: anna, segments: ['inactive'] },
      ])
      expect(await lookUp(anna, noon)).toMatchObject({ segments: ['inactive'] })
      expect(await buy(anna, noon)).toMatchObject({
        earned: 47,
        quote: { facts: { segments: ['inactive'] } },
      })
      await follow(noon)
      expect(await buy(anna, noon + DAY)).toMatchObject({ earned: 40, quote: { facts: { segments: [] } } })
    })

    it('by a book to come, unless a newer one begins together with it', async () => {
      await sql`
        insert into store_customers (programme_id, store_id, customer_id, last_seen_at)
        select 1, 1, id, ${new Date(noon).toISOString()} from customers where card = ${anna}`
      const asked = { programmeId: 1, storeId: 1, since: undefined, limit: 10, now: noon, timeZone }
      const told = async () => (await readChanges(sql, asked)).customers.map(({ segments }) => segments)
      await publish([rule('wake', { audience: 'inactive' })], noon + DAY)
      expect(await told()).toEqual([['inactive']])
      await publish([], noon + DAY)
      expect(await told()).toEqual([undefined])
    })

    it('who has registered just now', async () => {
      const definition = { type: 'days_since' as const, what: 'registration' as const, max: 6 }
      await save({ name: 'new', title: 'Новые', definition })
      await publish([rule('for-new', { audience: 'new' })])
      await follow(noon)
      const card = '100004'
      await addCustomers(sql, card)
      await sql`update customers set created_at = ${new Date(noon).toISOString()} where card = ${card}`
      expect(await lookUp(card, noon + 1)).toMatchObject({ segments: ['new'] })
      expect(await buy(card, noon + 1)).toMatchObject({ earned: 47 })
    })

    it('by what a segment means now, where nobody has asked for it meanwhile', async () => {
      await save(spender(100_000))
      await publish([rule('for-spenders', { audience: 'spenders' })])
      await execute(sql, earn(100_000, { card: anna, at: noon }))
      await follow(noon)
      await publish([], noon + 1)
      await save(spender(100_001), noon + 9 * DAY)
      await publish([rule('for-spenders', { audience: 'spenders' })], noon + 9 * DAY)
      expect(await buy(anna, noon + 9 * DAY)).toMatchObject({ earned: 40 })
    })

    it('and asks no definition of those whom it has come to', async () => {
      await publish([rule('wake', { audience: 'inactive' })], noon)
      await follow(noon)
      await sql`update customer_segments set names = '{}'`
      expect(await lookUp(anna, noon)).toMatchObject({ segments: [] })
      expect(await buy(anna, noon)).toMatchObject({ earned: 40 })
    })
  })

  it('is nothing to those who are left out', async () => {
    const cards = Array.from({ length: 60 }, (_, index) => String(200_000 + index))
    await addCustomers(sql, ...cards)
    await publish([rule('most', { holdout_percent: 40, audience: 'all' })])
    const bought = []
    for (const card of cards) bought.push(await buy(card, noon))
    const whys = bought.map((sale) => (sale?.earned === 47 ? 'given' : JSON.stringify(sale?.quote.skipped)))
    expect([...new Set(whys)].sort()).toEqual(['[{"ruleId":"most","why":"held_out"}]', 'given'])
  })

  it('is what a dry run says: of the live book to the point, of a draft by who is in it now', async () => {
    await publish([rule('wake', { audience: 'inactive' })])
    await follow(noon)
    await buy(anna, noon)
    await follow(noon)
    await buy(anna, noon + DAY)
    await follow(noon + DAY)
    const segments = await readSegmentsOf(sql, { programmeId: 1, now: noon + DAY, timeZone })
    const attempt = async (rules: object[]) => {
      const document = bookDocumentSchema.parse({ rules })
      const book = { ...document, version: 0, validFrom: 0, timeZone }
      const around = { programmeId: 1, from: 0, to: noon + 2 * DAY, tell: () => {} }
      return await tryBook(sql, { book, ...around, segments: namesAskedBy(sql, book, segments) })
    }
    // She is not inactive any more, but was when she bought.
    const live = await attempt([rule('wake', { audience: 'inactive' })])
    expect(live).toMatchObject({ operations: 2, points: { before: 87, after: 87 }, countedAnew: 0 })
    const draft = await attempt([rule('rich', { when: [{ type: 'segment', not_in: ['high_value'] }] })])
    expect(draft).toMatchObject({ points: { after: 94 }, countedAnew: 2 })
  })
})

describe('a segment that a person saves', () => {
  it('is previewed: how many, some of them, and who is in others too', async () => {
    await execute(sql, earn(100_000, { card: anna, at: noon }), earn(5_000_000, { card: boris, at: noon }))
    await follow(noon)
    await save(spender(50_000))
    const segments = await readSegmentsOf(sql, { programmeId: 1, now: noon, timeZone })
    const preview = await previewSegment(sql, spender(50_000), segments)
    expect(preview).toMatchObject({ customers: 3, members: 2 })
    expect(preview.examples.map(({ card, netKopecks }) => [card, netKopecks])).toEqual([
      [boris, 5_000_000],
      [anna, 100_000],
    ])
    expect(preview.overlap).toEqual([
      { name: 'inactive', title: 'Не покупали 30 дней', members: 1, both: 0 },
      { name: 'high_value', title: 'Купили на 50\u00a0000\u00a0₽ и больше', members: 1, both: 1 },
    ])
  })

  it('may stand in the place of one that is built in, and stays as it is while a book asks for it', async () => {
    const lower = { ...spender(50_000), name: 'high_value' }
    expect(await save(lower)).toEqual({ name: 'high_value', members: 0, isNew: false })
    await publish([rule('rich', { audience: 'high_value' })], noon)
    await expect(save(lower, noon + DAY)).rejects.toThrow('asks for "high_value"')
    await expect(save({ ...lower, name: 'all' })).rejects.toThrow('Everybody is in "all"')
    await publish([], noon + DAY)
    await expect(save(lower, noon + 2 * DAY)).rejects.toThrow('asks for "high_value"')
    expect(await save(lower, noon + 9 * DAY)).toMatchObject({ isNew: false })
  })

  it('must be there before a book can ask for it', async () => {
    const document = {
      rules: [rule('some', { audience: 'spenders', when: [{ type: 'segment', in: ['at_risk'] }] })],
    }
    await expect(perform(publishRuleBook, { document, reason: 'зима' }, byAdmin(sql, noon))).rejects.toThrow(
      'rules[0].when[0].in: there is no segment at_risk: see "segment list". ' +
        'rules[0].audience: there is no segment spenders: see "segment list".',
    )
  })

  it('is a part of what is approved: a book whose people are others by now is not published', async () => {
    const marketer = (name: string, role: 'marketing' | 'finance') => ({
      ...{ type: 'person' as const, name, roles: [role], sees: { programmes: null, stores: null } },
    })
    await sql`insert into staff (name, roles, language, created_at) values
      ('olga', '{marketing}', 'ru', now()), ('boris', '{marketing}', 'ru', now()), ('fedor', '{finance}', 'ru', now())`
    await sql`update programmes set settings = settings || '{"approval_book_kopecks": 0}'`
    await save(spender(1))
    await execute(sql, earn(100_000, { card: anna, at: noon }))
    await follow(noon)
    const by = { ...byAdmin(sql, noon + MINUTE), who: marketer('olga', 'marketing') }
    const input = { document: { rules: [rule('some', { audience: 'spenders' })] }, reason: 'зима' }
    const asked = await sql.begin((sql) => askWithin(sql, publishRuleBook, input, by))
    if (asked.status === 'done') throw new Error('it is too much for one person')
    await save(spender(2), noon + MINUTE)
    const { id: proposal, hash } = asked.proposal
    await expect(
      perform(approveProposal, { proposal, hash }, { ...by, who: marketer('boris', 'marketing') }),
    ).rejects.toThrow('has changed since')
  })
})
