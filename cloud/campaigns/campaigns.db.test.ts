import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import { DAY, type Instant, MINUTE } from '../../shared/time.ts'
import { askWithin, perform } from '../acts/act.ts'
import { publishRuleBook } from '../acts/books.ts'
import { addCampaign, finishCampaign, pauseCampaign, startCampaign } from '../acts/campaigns.ts'
import { eraseCustomer } from '../acts/customers.ts'
import { addSegment } from '../acts/segments.ts'
import { byAdmin } from '../acts/testing.ts'
import { connect, type Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { createFactsJob } from '../insight/facts/jobs.ts'
import { createSegmentFollower } from '../insight/segments/follower.ts'
import { runJob } from '../jobs/run.ts'
import { addCustomers, execute, executeTogether, expectHealthy } from '../jobs/testing.ts'
import { publishBook } from '../ledger/books.ts'
import { earn, refund } from '../ledger/testing/makers.ts'
import { createCampaignJob } from './job.ts'
import { findCampaign } from './read.ts'
import { readResults } from './results.ts'

const timeZone = 'Europe/Moscow'
const job = createCampaignJob({ timeZone })
const noon = Date.parse('2025-12-07T09:00:00.000Z')

let database: TestDatabase
let sql: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  sql = database.sql
})
afterEach(() => database.drop())

const cardOf = (index: number) => String(100_000 + index)
async function people(count: number): Promise<string[]> {
  const cards = Array.from({ length: count }, (_, index) => cardOf(index))
  await addCustomers(sql, ...cards)
  await sql`update customers set created_at = ${new Date(noon - 100 * DAY).toISOString()}`
  return cards
}

const spring = { name: 'spring', title: 'Весна', purpose: 'вернуть', holdout_percent: 0 }
const save = (rest: object, now = noon) =>
  perform(addCampaign, { campaign: { ...spring, ...rest } as never }, byAdmin(sql, now))
const start = (now: Instant) => perform(startCampaign, { campaign: 'spring' }, byAdmin(sql, now))
const run = (now: Instant) => runJob(sql, job, { now })
const rule = (id: string, rest: object = {}) => ({
  id,
  title: id,
  award: { type: 'points', points: 30 },
  ...rest,
})

/** Of each card the gifts that the ledger has posted. */
async function giftsIn(): Promise<{ card: string; gifts: number; balance: number }[]> {
  return [
    ...(await sql<{ card: string; gifts: number; balance: number }[]>`
      select card, balance, (
        select count(*)::int from operations
        where customer_id = customers.id and kind = 'bonus' and status = 'accepted') as gifts
      from customers order by card`),
  ]
}

const resultsNow = async (now: Instant) => {
  const known = await findCampaign(sql, { programmeId: 1, name: 'spring' })
  if (!known) throw new Error('there is no such campaign')
  return await readResults(sql, known, { now, timeZone })
}

describe('a gift', () => {
  it('is given to each of the audience once, however often the work is done, and to nobody who is left out', async () => {
    await people(400)
    await save({ gift: { points: 25 }, holdout_percent: 30 })
    await start(noon)
    await run(noon)
    await run(noon + MINUTE)
    const given = await giftsIn()
    const [with_, without] = [
      given.filter(({ gifts }) => gifts === 1),
      given.filter(({ gifts }) => gifts === 0),
    ]
    expect(with_.length + without.length).toBe(400)
    expect(without.length).toBeGreaterThan(60)
    expect(without.length).toBeLessThan(180)
    expect(with_.every(({ balance }) => balance === 25)).toBe(true)
    expect(without.every(({ balance }) => balance === 0)).toBe(true)
    expect(await resultsNow(noon + MINUTE)).toMatchObject({
      ...{ reached: with_.length, heldOut: without.length },
      gifts: { people: with_.length, points: 25 * with_.length, refused: 0, waiting: 0 },
    })
    await expectHealthy(sql)
  })

  it('waits for the first day, and goes to those who are in the audience then', async () => {
    await people(3)
    await runJob(sql, createFactsJob(timeZone), { now: noon })
    await save({ gift: { points: 10 }, audience: 'inactive', from: '2025-12-08' })
    await start(noon)
    await run(noon)
    expect((await giftsIn()).every(({ gifts }) => gifts === 0)).toBe(true)
    await execute(sql, earn(100_000, { card: cardOf(1), at: noon }))
    await runJob(sql, createFactsJob(timeZone), { now: noon })
    await run(noon + DAY)
    // Who buys after that has it all the same, and who comes later does not.
    await addCustomers(sql, cardOf(3))
    await run(noon + 2 * DAY)
    expect((await giftsIn()).map(({ gifts }) => gifts)).toEqual([1, 0, 1, 0])
  })

  it('stops at its budget, at a pause and at the last day', async () => {
    await people(5)
    await save({ gift: { points: 10, budget_points: 35 } })
    await start(noon)
    await run(noon)
    const count = async () => (await giftsIn()).filter(({ gifts }) => gifts === 1).length
    expect(await count()).toBe(3)
    const by = byAdmin(sql, noon + MINUTE)
    await perform(pauseCampaign, { campaign: 'spring' }, by)
    // A new version of it; those who have had it do not have it again.
    expect(await save({ gift: { points: 10, budget_points: 45 } })).toEqual({
      campaign: 'spring',
      version: 2,
    })
    await run(noon + MINUTE)
    expect(await count()).toBe(3)
    await start(noon + 2 * MINUTE)
    await run(noon + 2 * MINUTE)
    expect(await count()).toBe(4)
    await perform(pauseCampaign, { campaign: 'spring' }, by)
    await save({ gift: { points: 10 }, until: '2025-12-07' })
    await start(noon + 3 * MINUTE)
    expect(await resultsNow(noon + 3 * MINUTE)).toMatchObject({ gifts: { people: 4, waiting: 1 } })
    await run(noon + DAY)
    expect(await count()).toBe(4)
    expect(await resultsNow(noon + DAY)).toMatchObject({ gifts: { people: 4, waiting: 0 } })
    await expect(perform(addCampaign, { campaign: { ...spring, gift: { points: 1 } } }, by)).rejects.toThrow(
      'pause it first',
    )
    await perform(finishCampaign, { campaign: 'spring' }, by)
    expect(await resultsNow(noon + 3 * MINUTE)).toMatchObject({ gifts: { people: 4, waiting: 0 } })
    await expect(start(noon + DAY)).rejects.toThrow('finished already')
  })

  it('goes past those who were forgotten or merged meanwhile', async () => {
    const [anna = '', boris = ''] = await people(2)
    await save({ gift: { points: 10 }, from: '2025-12-08' })
    await start(noon)
    await sql`
      insert into campaign_people (campaign_id, customer_id, is_held_out) select 1, id, false from customers`
    await sql`update campaigns set chosen_at = now()`
    await perform(eraseCustomer, { card: anna }, byAdmin(sql, noon))
    await run(noon + DAY)
    expect((await giftsIn()).filter(({ gifts }) => gifts > 0).map(({ card }) => card)).toEqual([boris])
    expect(await resultsNow(noon + DAY)).toMatchObject({ gifts: { people: 1, refused: 1, waiting: 0 } })
    await expectHealthy(sql)
  })

  it('is given exactly once where its work is killed again and again', { timeout: 600_000 }, async () => {
    const count = Number(process.env.GIFTS ?? 1000)
    await people(count)
    await save({ gift: { points: 7 } })
    await start(noon)
    const given = async () =>
      (
        await sql<{ n: number }[]>`select count(*)::int as n from campaign_people where gift_id is not null`
      )[0]?.n ?? 0
    let killed = 0
    for (let round = 0; round < 5; round += 1) {
      // Somewhere on its way: between any two of its statements.
      const until = (await given()) + Math.ceil((Math.random() * count) / 10)
      const doomed = connect(database.url, { name: `doomed ${round}` })
      let hasEnded = false
      const working = job.work(doomed, { now: noon }).then(
        () => false,
        () => true,
      )
      void working.then(() => {
        hasEnded = true
      })
      while (!hasEnded && (await given()) < until) await pause(1)
      await pause(Math.random() * 20)
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${`doomed ${round}`}`
      if (await working) killed += 1
      await doomed.end({ timeout: 0 })
    }
    expect(killed).toBeGreaterThan(0)
    await run(noon)
    const all = await giftsIn()
    expect(all).toHaveLength(count)
    expect(all.filter(({ gifts, balance }) => gifts !== 1 || balance !== 7)).toEqual([])
    await expectHealthy(sql)
  })
})

describe('the rules of a campaign', () => {
  const rulesNow = async () => {
    const [row] = await sql<
      { document: unknown }[]
    >`select document from rule_books order by version desc limit 1`
    return bookDocumentSchema.parse(row?.document).rules.map(({ id, campaign }) => [id, campaign])
  }

  it('stand in the book while it runs, and bring points to its audience alone', async () => {
    const [anna = '', boris = ''] = await people(2)
    await execute(sql, earn(100_000, { card: boris, at: noon }))
    await runJob(sql, createFactsJob(timeZone), { now: noon })
    await save({ rules: [rule('wake')], audience: 'inactive' })
    expect(await rulesNow()).toEqual([])
    await start(noon)
    expect(await rulesNow()).toEqual([['wake', 'spring']])
    await runJob(sql, createSegmentFollower({ timeZone }), { now: noon })
    const at = noon + MINUTE
    await execute(sql, earn(100_000, { card: anna, at }), earn(100_000, { card: boris, at }))
    await run(at)
    await perform(finishCampaign, { campaign: 'spring' }, byAdmin(sql, at + MINUTE))
    expect(await rulesNow()).toEqual([])
    await execute(sql, earn(100_000, { card: anna, at: at + DAY }))
    expect((await giftsIn()).map(({ balance }) => balance)).toEqual([40 + 30 + 40, 40 + 40])
    expect(await resultsNow(at + DAY)).toMatchObject({ rulePoints: 30, gifts: { people: 0 } })
  })

  it('come and go also where the book has a rule that ends before it begins, which nobody was kept from writing once', async () => {
    const evening = { from: '2099-01-01T18:00', until: '2099-01-01T09:00' }
    const document = bookDocumentSchema.parse({ rules: [rule('never', evening)] })
    const publication = { programmeId: 1, validFrom: 0, now: 0, by: 'admin:anna', reason: 'a test' }
    await sql.begin((sql) => publishBook(sql, { ...publication, document }))
    await save({ rules: [rule('wake')] })
    await start(noon)
    expect(await rulesNow()).toEqual([
      ['never', undefined],
      ['wake', 'spring'],
    ])
    await perform(finishCampaign, { campaign: 'spring' }, byAdmin(sql, noon + MINUTE))
    expect(await rulesNow()).toEqual([['never', undefined]])
  })

  it('are told with what was taken back of their points, whenever the goods came back', async () => {
    const [anna = '', boris = ''] = await people(2)
    await save({ rules: [rule('wake'), rule('share', { award: { type: 'percent', basis_points: 100 } })] })
    await start(noon)
    const at = noon + MINUTE
    const [whole, half] = [earn(100_000, { card: anna, at }), earn(100_000, { card: boris, at })]
    await execute(sql, whole, half)
    await run(at)
    expect(await resultsNow(at + MINUTE)).toMatchObject({ rulePoints: 80, returnedPoints: 0 })
    await execute(sql, refund(half, { at: at + MINUTE, refundKopecks: 50_000 }))
    await perform(finishCampaign, { campaign: 'spring' }, byAdmin(sql, at + 2 * MINUTE))
    expect(await resultsNow(at + DAY)).toMatchObject({ rulePoints: 80, returnedPoints: 5 })
    await execute(sql, refund(whole, { at: at + DAY }))
    expect(await resultsNow(at + 2 * DAY)).toMatchObject({ rulePoints: 80, returnedPoints: 45 })
  })

  it('stand also in the books that are to come, as they are', async () => {
    await people(1)
    const later = { document: { base: { lifetime_days: 60 } }, at: noon + DAY, reason: 'летом' }
    await perform(publishRuleBook, later, byAdmin(sql, noon))
    await save({ rules: [rule('wake')] })
    await start(noon + MINUTE)
    const booksNow = async () =>
      (
        await sql<{ document: unknown; validFrom: Instant }[]>`
          select distinct on (valid_from) document, valid_from as "validFrom" from rule_books
          where valid_from > ${new Date(noon).toISOString()} order by valid_from, version desc`
      ).map(({ document, validFrom }) => {
        const { base, rules } = bookDocumentSchema.parse(document)
        return [validFrom, base.lifetime_days, rules.map(({ id }) => id)]
      })
    expect(await booksNow()).toEqual([
      [noon + MINUTE, 45, ['wake']],
      [noon + DAY, 60, ['wake']],
    ])
    await perform(finishCampaign, { campaign: 'spring' }, byAdmin(sql, noon + 2 * MINUTE))
    expect(await booksNow()).toEqual([
      [noon + MINUTE, 45, ['wake']],
      [noon + 2 * MINUTE, 45, []],
      [noon + DAY, 60, []],
    ])
  })

  it('that do not fit the book are told of before anything is kept', async () => {
    await expect(save({ rules: [rule('a', { when: [{ type: 'stores', ids: [9] }] })] })).rejects.toThrow(
      'there is no store 9',
    )
    const evening = { from: '2099-01-01T18:00', until: '2099-01-01T09:00' }
    await expect(save({ gift: { points: 1 }, ...evening })).rejects.toThrow('until: it ends before it begins')
    await expect(save({ gift: { points: 1 }, audience: 'nobody-knows' })).rejects.toThrow(
      'There is no segment nobody-knows',
    )
    expect(await sql`select from campaigns`).toHaveLength(0)
  })
})

it('what its people buy is held against what those buy who were left out', async () => {
  const cards = await people(200)
  await save({ gift: { points: 10 }, holdout_percent: 50 })
  await start(noon)
  await run(noon)
  const left = new Set(
    (
      await sql<{ card: string }[]>`
        select card from campaign_people join customers on id = customer_id where is_held_out`
    ).map(({ card }) => card),
  )
  const early = await resultsNow(noon + MINUTE)
  expect(early.effect).toEqual({ kopecksEach: 0, from: 0, to: 0, verdict: 'too_early' })
  // Twice as much as the others, each a little another sum.
  const purchases = cards.map((card, index) =>
    earn((left.has(card) ? 100_000 : 200_000) + 100 * (index % 9), { card, at: noon + MINUTE }),
  )
  await executeTogether(sql, purchases)
  const { effect, audience, holdout } = await resultsNow(noon + DAY)
  expect(effect.verdict).toBe('more')
  expect(effect.kopecksEach).toBeGreaterThan(99_000)
  expect(effect.kopecksEach).toBeLessThan(101_000)
  expect([audience.buyers, holdout.buyers]).toEqual([200 - left.size, left.size])
})

it('is held against nothing that was bought before its first day', async () => {
  const [card = ''] = await people(3)
  await save({ gift: { points: 10 }, from: '2025-12-14T10:00' })
  await start(noon)
  const begins = Date.parse('2025-12-14T07:00:00.000Z')
  await execute(sql, earn(100_000, { card, at: begins - MINUTE }))
  await run(begins - MINUTE)
  expect((await resultsNow(begins - MINUTE)).audience).toMatchObject({ people: 0, purchases: 0 })
  await execute(sql, earn(300_000, { card, at: begins }))
  await run(begins + MINUTE)
  expect((await resultsNow(begins + MINUTE)).audience).toMatchObject({
    ...{ people: 3, buyers: 1, purchases: 1, kopecks: 300_000 },
  })
})

describe('what is too much for one person', () => {
  const marketer = {
    ...{ type: 'person' as const, name: 'olga', roles: ['marketing' as const] },
    sees: { programmes: null, stores: null },
  }

  it('is proposed with what its gifts may cost, and its audience stays as it is while it runs', async () => {
    await people(10)
    await sql`update programmes set settings = settings || '{"approval_book_kopecks": 8999}'`
    const by = { ...byAdmin(sql, noon), who: marketer }
    await save({ gift: { points: 10 }, holdout_percent: 10 })
    const asked = await sql.begin((sql) => askWithin(sql, startCampaign, { campaign: 'spring' }, by))
    expect(asked).toMatchObject({ status: 'proposed', proposal: { points: 90, kopecks: 9000 } })
    expect(await findCampaign(sql, { programmeId: 1, name: 'spring' })).toMatchObject({ state: 'draft' })
    await sql`update programmes set settings = settings || '{"approval_book_kopecks": 9000}'`
    expect(await sql.begin((sql) => askWithin(sql, startCampaign, { campaign: 'spring' }, by))).toMatchObject(
      {
        status: 'done',
      },
    )
  })

  const asked = async (by = { ...byAdmin(sql, noon), who: marketer }) =>
    await sql.begin((sql) => askWithin(sql, startCampaign, { campaign: 'spring' }, by))
  const most = async (kopecks: number) =>
    await sql`update programmes set settings = settings || ${sql.json({ approval_book_kopecks: kopecks })}`

  it('is its rules and its gift together, each of which would not be', async () => {
    const [anna = ''] = await people(10)
    await execute(sql, earn(100_000, { card: anna, at: noon - DAY }))
    // 100 points by the rule, and as many as gifts.
    const both = { rules: [rule('wake', { award: { type: 'points', points: 100 } })], gift: { points: 10 } }
    await save(both)
    await most(19_999)
    expect(await asked()).toMatchObject({ status: 'proposed', proposal: { points: 200, kopecks: 20_000 } })
    await most(20_000)
    expect(await asked()).toMatchObject({ status: 'done' })
  })

  it('is the budget of its rules with its gift', async () => {
    await people(10)
    await save({ rules: [rule('wake')], budget_points: 80, gift: { points: 10 } })
    await most(17_999)
    expect(await asked()).toMatchObject({ status: 'proposed', proposal: { points: 180, kopecks: 18_000 } })
    await most(18_000)
    expect(await asked()).toMatchObject({ status: 'done' })
  })

  it('is also what begins later, by what it had cost already', async () => {
    const [anna = ''] = await people(1)
    await execute(sql, earn(100_000, { card: anna, at: noon - DAY }))
    await save({ rules: [rule('wake', { until: '2025-12-25' })], from: '2025-12-20' })
    await most(2999)
    expect(await asked()).toMatchObject({ status: 'proposed', proposal: { points: 30 } })
    await most(3000)
    expect(await asked()).toMatchObject({ status: 'done' })
  })

  it('cannot be had by another audience of the same name', async () => {
    await people(3)
    const segment = { name: 'some', title: 'Некоторые', definition: { type: 'consent' as const } }
    await perform(addSegment, { segment }, byAdmin(sql, noon))
    await save({ gift: { points: 10 }, audience: 'some', from: '2025-12-20' })
    await start(noon)
    await expect(perform(addSegment, { segment }, byAdmin(sql, noon))).rejects.toThrow('asks for "some"')
  })
})
