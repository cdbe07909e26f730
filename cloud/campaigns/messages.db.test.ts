import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { testCampaign } from '../acts/campaignMessages.ts'
import { addCampaign, finishCampaign, pauseCampaign, startCampaign } from '../acts/campaigns.ts'
import { eraseCustomer, setAdvertising } from '../acts/customers.ts'
import { markStaffCard } from '../acts/referrals.ts'
import { byAdmin } from '../acts/testing.ts'
import { connect, type Sql } from '../database/connect.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { runJob } from '../jobs/run.ts'
import { addCustomers, expectHealthy } from '../jobs/testing.ts'
import { LEASE_MS } from '../notifications/messages.ts'
import type { Sending } from '../notifications/telegram.ts'
import { senderThatDies } from '../notifications/testing/senderThatDies.ts'
import { createTestClock, deliverFor, fakeTelegram } from '../notifications/testing.ts'
import { createCampaignJob } from './job.ts'
import { previewMessage } from './preview.ts'
import { findCampaign } from './read.ts'
import { readResults } from './results.ts'

const job = createCampaignJob({ timeZone: 'Europe/Moscow' })
/** Of Moscow. */
const noon = Date.parse('2025-12-07T09:00:00.000Z')
const evening = Date.parse('2025-12-07T19:00:00.000Z')
const morning = Date.parse('2025-12-08T06:00:00.000Z')

let database: TestDatabase
let sql: Sql
beforeEach(async () => {
  database = await createTestDatabase()
  sql = database.sql
})
afterEach(() => database.drop())

/** A statement of so many is done in its time on a machine that has other work. */
const PEOPLE_AT_ONCE = 2000

/** Customers in Telegram, the first is 1 there; all have agreed to advertising. */
async function people(count: number): Promise<string[]> {
  const cards = Array.from({ length: count }, (_, index) => String(100_000 + index))
  for (let start = 0; start < count; start += PEOPLE_AT_ONCE) {
    const some = cards.slice(start, start + PEOPLE_AT_ONCE)
    await addCustomers(sql, ...some)
    const added = sql`(select id from customers where card = any(${some}::text[])) as added`
    await sql`insert into people (telegram_id, customer_id, language) select id, id, 'ru' from ${added}`
    await sql`
      insert into consents (customer_id, purpose, version, channel, recorded_by, given_at)
      select id, purpose, '1', 'bot', 'a test', now() from ${added}, unnest('{programme,advertising}'::text[]) purpose`
  }
  return cards
}

async function run(name: string, rest: object = {}, now = noon): Promise<void> {
  const campaign = {
    name,
    title: name,
    purpose: 'проба',
    holdout_percent: 0,
    message: { text: name },
    ...rest,
  }
  await perform(addCampaign, { campaign: campaign as never }, byAdmin(sql, now))
  await perform(startCampaign, { campaign: name }, byAdmin(sql, now))
}

const work = (now: Instant) => runJob(sql, job, { now })

/** Sends for a quarter of a minute. */
async function sendAt(now: Instant, answers: Sending[] = []) {
  const telegram = fakeTelegram()
  telegram.next(...answers)
  const clock = createTestClock(now)
  await deliverFor(15, { sql, clock, send: telegram.sendAt(clock.now) })
  return telegram.sent
}

async function countsOf(name: string, now = noon) {
  const known = await findCampaign(sql, { programmeId: 1, name })
  if (!known) throw new Error('there is no such campaign')
  const { messages } = await readResults(sql, known, { now, timeZone: 'Europe/Moscow' })
  return Object.fromEntries(Object.entries(messages).filter(([, count]) => count > 0))
}

const linesOf = (sent: { text: string }[]) => sent.map(({ text }) => text.split('\n')[0])

describe('the message of a campaign', () => {
  it('goes once to each who may be told, and is counted of the others by why it does not', async () => {
    const cards = await people(9)
    await sql`update customers set first_name = null where id = 1`
    await sql`delete from consents where customer_id = 2 and purpose = 'advertising'`
    await sql`delete from people where customer_id = 3`
    await sql`update people set unreachable_since = now() where customer_id = 4`
    await sql`update customers set status = 'frozen' where id = 5`
    await run('news', { message: { text: '{name}, на карте {points}' } })
    expect(await countsOf('news')).toEqual({})
    await work(noon)
    await work(noon + SECOND)
    expect(await countsOf('news')).toEqual({ waiting: 5, noConsent: 1, noTelegram: 1, blocked: 1, gone: 1 })
    // Between the line and the sending.
    await perform(setAdvertising, { card: cards[5] ?? '', undo: true }, byAdmin(sql, noon))
    await perform(eraseCustomer, { card: cards[6] ?? '' }, byAdmin(sql, noon))
    const sent = await sendAt(noon + 2 * SECOND, [{ status: 'blocked', problem: '403' }])
    expect(sent.map(({ chatId }) => chatId)).toEqual([1, 8, 9])
    expect(linesOf(sent)).toEqual([
      'На карте 0\u00a0баллов',
      'Анна, на карте 0\u00a0баллов',
      'Анна, на карте 0\u00a0баллов',
    ])
    expect(await countsOf('news')).toEqual({ sent: 2, noConsent: 2, noTelegram: 1, blocked: 2, gone: 2 })
    await work(noon + MINUTE)
    expect(await sendAt(noon + MINUTE)).toEqual([])
    await expectHealthy(sql)
  })

  it('never goes to who is left out', async () => {
    await people(100)
    await run('news', { holdout_percent: 50 })
    await work(noon)
    const sent = await sendAt(noon)
    const [row] = await sql<{ chosen: number[] }[]>`
      select array_agg(customer_id order by customer_id) as chosen from campaign_people where not is_held_out`
    expect(sent.length).toBeGreaterThan(20)
    expect(sent.map(({ chatId }) => Number(chatId)).sort((a, b) => a - b)).toEqual(row?.chosen.map(Number))
    await expectHealthy(sql)
  })

  it('comes with the gift, and not where there was none', async () => {
    await people(5)
    await run('gifts', {
      gift: { points: 10, budget_points: 30 },
      until: '2025-12-31',
      message: { text: '{gift} до {date}, всего {points}' },
    })
    await work(noon)
    const sent = await sendAt(noon)
    expect(linesOf(sent)).toEqual(Array(3).fill('10\u00a0баллов до 31 декабря, всего 10\u00a0баллов'))
    // For the others there may be a larger budget some day.
    expect(await countsOf('gifts')).toEqual({ sent: 3, waiting: 2 })
    await sql`update campaign_people set refused = 'gone' where gift_points is null`
    await work(noon + MINUTE)
    expect(await countsOf('gifts')).toEqual({ sent: 3, noGift: 2 })
  })

  it('waits for the morning, before it is in the line and in it', async () => {
    await people(2)
    await run('news')
    await work(evening - SECOND)
    expect(await sendAt(evening)).toEqual([])
    expect(await sendAt(morning - 2 * MINUTE)).toEqual([])
    const [first] = await sendAt(morning - 10 * SECOND)
    expect(first?.at).toBe(morning)
    expect(await countsOf('news')).toEqual({ sent: 2 })
    await run('late', {}, evening)
    await work(evening)
    expect(await sql`select from notifications where reference = '2'`).toHaveLength(0)
    await work(morning)
    expect(await sql`select from notifications where reference = '2'`).toHaveLength(2)
  })

  it('stops at a pause, goes on after it, and ends with the campaign', async () => {
    await people(3)
    await run('news')
    await work(noon)
    const by = byAdmin(sql, noon)
    await perform(pauseCampaign, { campaign: 'news' }, by)
    expect(await sendAt(noon)).toEqual([])
    expect(await countsOf('news')).toEqual({ waiting: 3 })
    await perform(startCampaign, { campaign: 'news' }, by)
    await work(noon + 60 * MINUTE)
    expect(await sendAt(noon + 60 * MINUTE)).toHaveLength(3)
    await run('last')
    await work(noon + 60 * MINUTE)
    await perform(finishCampaign, { campaign: 'last' }, by)
    expect(await sendAt(noon + 60 * MINUTE)).toEqual([])
    expect(await countsOf('last')).toEqual({ ended: 3 })
    await expectHealthy(sql)
  })

  it('is counted as ended of those too who were never in the line', async () => {
    await people(3)
    await run('short', { until: '2025-12-07' }, evening)
    await run('last', {}, evening)
    await work(evening)
    expect(await countsOf('short', evening)).toEqual({ waiting: 3 })
    expect(await countsOf('short', morning)).toEqual({ ended: 3 })
    await perform(finishCampaign, { campaign: 'last' }, byAdmin(sql, evening))
    expect(await countsOf('last', evening)).toEqual({ ended: 3 })
  })

  it('is not held up by those of another campaign that wait in the line for it to go on', async () => {
    await people(1001)
    await run('news')
    await work(noon)
    await perform(pauseCampaign, { campaign: 'news' }, byAdmin(sql, noon))
    await run('gala')
    await work(noon)
    const [counts] = await sql`
      select count(*) filter (where name = 'news')::int as news, count(*) filter (where name = 'gala')::int as gala
      from campaign_people join campaigns on campaigns.id = campaign_id where message = 'queued'`
    expect(counts).toEqual({ news: 1000, gala: 1000 })
  })

  it('is one of at most so many a week', async () => {
    await people(2)
    await sql`update programmes set settings = settings || '{"advertising_per_week": 2}'`
    for (const name of ['one', 'two', 'three']) await run(name)
    await work(noon)
    const sent = await sendAt(noon)
    expect(linesOf(sent).sort()).toEqual(['one', 'one', 'two', 'two'])
    expect(await countsOf('three')).toEqual({ overLimit: 2 })
    await run('four')
    await work(noon + 7 * DAY - MINUTE)
    expect(await countsOf('four')).toEqual({ overLimit: 2 })
    await run('five')
    await work(noon + 7 * DAY + MINUTE)
    expect(linesOf(await sendAt(noon + 7 * DAY + MINUTE))).toEqual(['five', 'five'])
  })

  it('keeps nobody waiting who is in the shop', async () => {
    await people(30)
    await run('news')
    await work(noon)
    await sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      values (30, 'welcome', 'a', '{"bonus": 5}', ${new Date(noon)}, ${new Date(noon)})`
    const [first] = await sendAt(noon)
    expect(first?.text).toMatch(/^Ваша карта/)
  })

  it('is put into the line once, and told once or twice, where all is killed again and again', {
    timeout: 3_600_000,
  }, async () => {
    /** More than the few are to be so many that some are left for every death: 6,000 or more. */
    const count = Number(process.env.MESSAGES ?? 200)
    const between = Math.floor((count - 200) / 20)
    await people(count)
    await run('news')
    const telegram = fakeTelegram()
    const clock = createTestClock(noon)
    const send = telegram.sendAt(clock.now)
    /** Which costs a look at everybody. */
    const isAllTold = async () => !('waiting' in (await countsOf('news')))
    async function goOnUntil(isEnough: () => boolean | Promise<boolean>): Promise<void> {
      while (!(await isEnough())) {
        await work(clock.now())
        await deliverFor(10, { sql, clock, send })
      }
    }
    async function goOnBetweenDeaths(): Promise<void> {
      const end = telegram.sent.length + between
      await goOnUntil(() => telegram.sent.length >= end)
    }

    for (let round = 0; round < 5; round += 1) {
      // Somebody who is not told yet, and for whom the line has room: the batch that they are in comes as far as them and
      // waits, and is killed there.
      const [untold] = await sql<{ customerId: number }[]>`
        select id as "customerId" from (
          select c.id from customers c
          where not exists (select from campaign_people where customer_id = c.id and message is not null)
          order by id limit 200) next
        order by random() limit 1`
      const doomed = connect(database.url, { name: `doomed ${round}` })
      await sql.begin(async (holder) => {
        await holder`select from people where customer_id = ${untold?.customerId ?? 0} for update`
        const working = job.work(doomed, { now: clock.now() }).then(
          () => 'done',
          () => 'killed',
        )
        const isWaiting = async () =>
          (
            await sql`
              select from pg_stat_activity
              where application_name = ${`doomed ${round}`} and wait_event_type = 'Lock'`
          ).length > 0
        let isOver = false
        void working.then(() => {
          isOver = true
        })
        while (!isOver && !(await isWaiting())) await pause(5)
        await sql`
          select pg_terminate_backend(pid) from pg_stat_activity where application_name = ${`doomed ${round}`}`
        expect(await working).toBe('killed')
      })
      await doomed.end({ timeout: 0 })
      await goOnBetweenDeaths()
    }
    await work(clock.now())
    const sentAlready = telegram.sent.length
    expect(await countsOf('news')).toEqual({
      waiting: count - sentAlready,
      ...(sentAlready > 0 && { sent: sentAlready }),
    })

    let deaths = 0
    for (let round = 0; round < 5; round += 1) {
      const effect = 1 + Math.floor(Math.random() * 120)
      const life = senderThatDies({ effect, moment: round % 2 === 0 ? 'before' : 'after' })
      const running = deliverFor(20, { sql: life.mortalSql(sql), clock, send: life.mortalSend(send) })
      if (await Promise.race([life.dead.then(() => true), running.then(() => false)])) deaths += 1
      clock.advance(LEASE_MS)
      await goOnBetweenDeaths()
    }
    expect(deaths).toBe(5)
    await goOnUntil(() => telegram.sent.length >= count)
    await goOnUntil(isAllTold)
    expect(await countsOf('news')).toEqual({ sent: count })
    const times = new Map<number | string, number>()
    for (const { chatId } of telegram.sent) times.set(chatId, (times.get(chatId) ?? 0) + 1)
    expect(times.size).toBe(count)
    // What was under way when a sender died may have arrived, and is sent once more.
    expect(telegram.sent.length - count).toBeLessThanOrEqual(16 * deaths)
    expect(Math.max(...times.values())).toBeLessThanOrEqual(2)
    await expectHealthy(sql)
  })
})

describe('a test of it', () => {
  it('goes to a card of the staff alone, at any hour, and counts nowhere', async () => {
    const [mine = '', theirs = ''] = await people(3)
    const campaign = { name: 'news', title: 'news', purpose: 'проба', message: { text: '{name}, привет' } }
    await perform(addCampaign, { campaign }, byAdmin(sql, evening))
    const by = byAdmin(sql, evening)
    await expect(perform(testCampaign, { campaign: 'news', card: mine }, by)).rejects.toThrow(
      'no card of the staff',
    )
    await perform(markStaffCard, { card: mine }, by)
    await perform(testCampaign, { campaign: 'news', card: mine }, by)
    await expect(perform(testCampaign, { campaign: 'news', card: theirs }, by)).rejects.toThrow(
      'Nothing was sent',
    )
    const sent = await sendAt(evening)
    expect(sent.map(({ chatId, text }) => [chatId, text])).toEqual([
      [1, 'Анна, привет\n\nНе присылать акции: /notify'],
    ])
    await sql`delete from people where customer_id = 1`
    await expect(perform(testCampaign, { campaign: 'news', card: mine }, by)).rejects.toThrow(
      'not in Telegram',
    )
  })
})

it('a preview is what the newest of its readers would read', async () => {
  const cards = await people(4)
  await sql`update customers set first_name = 'Борис' where id = 3`
  await sql`delete from consents where customer_id = 4`
  await run('gifts', { gift: { points: 21 }, message: { text: '{name}: {gift}, {points}' } })
  const known = await findCampaign(sql, { programmeId: 1, name: 'gifts' })
  if (!known) throw new Error('there is no such campaign')
  const preview = () => previewMessage(sql, known, { now: noon, timeZone: 'Europe/Moscow' })
  const text = 'Борис: 21\u00a0балл, 21\u00a0балл\n\nНе присылать акции: /notify'
  expect(await preview()).toEqual({ card: cards[2], readers: 3, text })
  await sql`delete from consents`
  expect(await preview()).toMatchObject({ card: null, readers: 0, text: expect.stringMatching(/^Анна: 21/) })
})
