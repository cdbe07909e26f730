import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, MINUTE, SECOND } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { execute, midnight, noonOf } from '../jobs/testing.ts'
import { adjust, earn } from '../ledger/testing/makers.ts'
import { forget, setReachable } from '../people/people.ts'
import { addPeople, createTestClock, deliverFor, fakeTelegram } from './testing.ts'

describe('the sender', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addPeople(database.sql, '111111', '222222', '333333')
    await database.sql`insert into stores (name) values ('Ашукино')`
  })
  afterEach(() => database.drop())

  const start = noonOf(0)
  const setting = () => {
    const clock = createTestClock(start)
    const telegram = fakeTelegram()
    const run = (seconds: number) =>
      deliverFor(seconds, { sql: database.sql, clock, send: telegram.sendAt(clock.now) })
    return { clock, telegram, run }
  }
  const bought = (card: string, at = start) =>
    execute(database.sql, earn(125_000, { card, at, confirmDuplicate: true }))
  const states = async () => [
    ...(await database.sql`select kind, state, attempts, problem from notifications order by customer_id, kind`),
  ]
  /** So many purchases, each by another person. */
  const crowd = async (people: number) => {
    const cards = Array.from({ length: people }, (_, index) => String(400_000 + index))
    await addPeople(database.sql, ...cards)
    await database.sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      select customer_id, 'welcome', 'test', '{"bonus": 0}', to_timestamp(${start / 1000}), to_timestamp(${start / 1000})
      from people where telegram_id > 1003`
  }

  it('tells a purchase with its store, and tells it once', async () => {
    const { telegram, run } = setting()
    await bought('222222')
    await run(30)
    await run(30)
    expect(telegram.sent).toEqual([
      {
        chatId: 1002,
        text: 'Покупка в магазине «Ашукино» на 1\u202f250\u00a0₽.\nНачислено: 50\u00a0баллов.\nТеперь на карте: 50\u00a0баллов.',
        at: start,
      },
    ])
    expect(await states()).toEqual([{ kind: 'earned', state: 'sent', attempts: 1, problem: null }])
  })

  it('speaks the language of the person', async () => {
    const { telegram, run } = setting()
    await database.sql`update people set language = 'en'`
    await bought('111111')
    await run(30)
    expect(telegram.sent[0]?.text).toContain('Purchase of')
  })

  it('tells late what happened while a register was offline, and says when that was', async () => {
    const { telegram, run, clock } = setting()
    await bought('111111', start - 2 * DAY)
    await database.sql`update notifications set created_at = to_timestamp(${start / 1000})`
    await run(30)
    expect(telegram.sent[0]?.text).toContain('Покупка 5 декабря')
    await bought('222222', start)
    clock.advance(8 * DAY)
    await run(30)
    expect((await states()).at(-1)).toMatchObject({ state: 'dropped', problem: 'too old to be news' })
  })

  it('sends at most 25 in any second', async () => {
    const { telegram, run } = setting()
    await crowd(80)
    await run(30)
    const times = telegram.sent.map(({ at }) => at)
    expect(times).toHaveLength(80)
    const busiest = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + SECOND).length),
    )
    expect(busiest).toBe(25)
  })

  it('sends at most one a second to one person, and lets nobody else wait for that', async () => {
    const { telegram, run } = setting()
    for (let index = 0; index < 4; index += 1) await bought('111111', start - index)
    await bought('222222')
    await run(30)
    const [many, one] = [1001, 1002].map((chat) => telegram.sent.filter(({ chatId }) => chatId === chat))
    expect(many).toHaveLength(4)
    for (const [index, { at }] of (many ?? []).entries())
      if (index > 0) expect(at - (many?.[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(SECOND)
    expect(one?.[0]?.at).toBeLessThan(start + SECOND)
  })

  it('lets no purchase wait for reminders', async () => {
    const { telegram, run } = setting()
    await database.sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      select customer_id, 'expiring', '2026-01-21', '{}', to_timestamp(0), to_timestamp(0) from people`
    await execute(
      database.sql,
      ...['111111', '222222', '333333'].map((card) => adjust(9, { card, at: start })),
    )
    await database.sql`update notifications set created_at = to_timestamp(${start / 1000})`
    await bought('333333')
    await run(30)
    expect(telegram.sent.map(({ text }) => text.slice(0, 7))).toEqual([
      'Покупка',
      'Скоро с',
      'Скоро с',
      'Скоро с',
    ])
  })

  it('waits with everything for as long as Telegram asks', async () => {
    const { telegram, run } = setting()
    await crowd(3)
    telegram.next({ status: 'slow_down', seconds: 30 })
    await run(90)
    const [first, ...later] = telegram.sent.map(({ at }) => at - start)
    expect(first).toBe(0)
    expect(later).toHaveLength(3)
    expect(Math.min(...later)).toBeGreaterThanOrEqual(30 * SECOND)
    expect((await states()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent'])
  })

  it('marks who blocked the bot, drops what is left for them, and writes again when they are back', async () => {
    const { telegram, run } = setting()
    await bought('111111', start - 2)
    await bought('111111', start - 1)
    await bought('222222')
    telegram.always((chat) =>
      chat === 1001
        ? { status: 'blocked', problem: '403: Forbidden: bot was blocked by the user' }
        : { status: 'sent' },
    )
    await run(30)
    expect((await states()).map(({ state, problem }) => [state, problem])).toEqual([
      ['dropped', '403: Forbidden: bot was blocked by the user'],
      ['dropped', 'they blocked the bot'],
      ['sent', null],
    ])
    expect(telegram.sent.filter(({ chatId }) => chatId === 1001)).toHaveLength(1)
    await setReachable(database.sql, 1001, { isReachable: true, now: start })
    telegram.always(() => ({ status: 'sent' }))
    await bought('111111', start + MINUTE)
    await run(90)
    expect(telegram.sent.filter(({ chatId }) => chatId === 1001)).toHaveLength(2)
  })

  it.each([
    ['refused', 3, 'again the same'],
    ['failed', 10, 'Internal Server Error'],
  ] as const)(
    'parks what is %s after its tries, and goes on with the others',
    async (status, tries, problem) => {
      const { telegram, run, clock } = setting()
      await bought('111111')
      await bought('222222')
      telegram.always((chat) => (chat === 1001 ? { status, problem } : { status: 'sent' }))
      for (let look = 0; look < 12; look += 1) {
        await run(30)
        clock.advance(60 * MINUTE)
      }
      expect(telegram.sent.filter(({ chatId }) => chatId === 1001)).toHaveLength(tries)
      expect(await states()).toEqual([
        { kind: 'earned', state: 'parked', attempts: tries, problem },
        { kind: 'earned', state: 'sent', attempts: 1, problem: null },
      ])
    },
  )

  it('tries again ever later', async () => {
    const { telegram, run } = setting()
    await bought('111111')
    telegram.next(...Array.from({ length: 3 }, () => ({ status: 'failed', problem: 'Internal' }) as const))
    // What became of an attempt may be written when the clock of the sender is minutes on; at the end of a run it is.
    while (telegram.sent.length < 4) await run(60)
    const times = telegram.sent.map(({ at }) => (at - start) / SECOND)
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(waits).toEqual([10, 20, 40].map((least) => expect.toSatisfy((wait) => wait >= least)))
  })

  it('loses and parks nothing while Telegram is away, however long, and asks only now and then', async () => {
    const { telegram, run } = setting()
    await crowd(5)
    telegram.always(() => ({ status: 'away', problem: 'no answer: ECONNREFUSED' }))
    await run(60 * 60)
    expect(telegram.sent.length).toBeGreaterThan(10)
    expect(telegram.sent.length).toBeLessThan(100)
    telegram.always(() => ({ status: 'sent' }))
    await run(120)
    expect((await states()).map(({ state }) => state)).toEqual(Array(5).fill('sent'))
  })

  it('parks a message that alone is never answered', async () => {
    const { telegram, run, clock } = setting()
    await bought('111111')
    telegram.always((chat) => (chat === 1001 ? { status: 'away', problem: 'no answer' } : { status: 'sent' }))
    for (let look = 0; look < 12; look += 1) {
      await bought('222222', start + look)
      await run(30)
      clock.advance(60 * MINUTE)
    }
    expect((await states())[0]).toMatchObject({ state: 'parked', attempts: 10, problem: 'no answer' })
  })

  it('parks what no text can be made of, and goes on with the others', async () => {
    const { telegram, run } = setting()
    for (const card of ['111111', '222222', '333333']) await bought(card)
    await database.sql`update notifications set facts = '{"earned": "many"}' where customer_id = 1`
    await database.sql`update notifications set kind = 'expiring', reference = 'someday' where customer_id = 2`
    await run(30)
    expect(await states()).toMatchObject([
      { state: 'parked', problem: expect.stringContaining('facts.earned') },
      { state: 'parked', problem: expect.stringContaining('reference') },
      { state: 'sent' },
    ])
    expect(telegram.sent).toHaveLength(1)
  })

  it('counts the points of a reminder when it is sent, and sends none where none are left', async () => {
    const { sql } = database
    const { telegram, run } = setting()
    await execute(
      sql,
      adjust(70, { card: '111111', at: start }),
      adjust(50, { card: '111111', at: start }),
      adjust(9, { card: '111111', at: noonOf(1) }),
      adjust(70, { card: '222222', at: start }),
      adjust(-70, { card: '222222', at: start }),
    )
    await sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      select customer_id, 'expiring', '2026-01-21', '{}', to_timestamp(${start / 1000}), to_timestamp(${start / 1000})
      from people where telegram_id < 1003`
    await run(30)
    expect(telegram.sent.map(({ text }) => text)).toEqual([
      'Скоро сгорят баллы: 120\u00a0баллов. Потратить их можно по 20 января включительно.',
    ])
    expect(await states()).toMatchObject([
      { state: 'sent' },
      { state: 'dropped', problem: 'there is nothing to tell any more' },
    ])
    expect(midnight + 45 * DAY).toBe(Date.parse('2026-01-21T00:00:00.000Z'))
  })

  it('reminds nobody of points while the card or the programme is frozen, and does when it is thawed in time', async () => {
    const { sql } = database
    const { clock, telegram, run } = setting()
    await execute(sql, ...['111111', '222222'].map((card) => adjust(70, { card, at: start })))
    await sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      select customer_id, 'expiring', '2026-01-21', '{}', to_timestamp(${start / 1000}), to_timestamp(${start / 1000})
      from people where telegram_id < 1003`
    await sql`update customers set status = 'frozen' where card = '111111'`
    await sql`update programmes set frozen_at = now()`
    await run(30)
    expect(telegram.sent).toEqual([])
    await sql`update programmes set frozen_at = null`
    clock.advance(60 * MINUTE)
    await run(30)
    expect(telegram.sent.map(({ chatId }) => chatId)).toEqual([1002])
    await sql`update customers set status = 'active'`
    clock.advance(60 * MINUTE)
    await run(30)
    expect(telegram.sent.map(({ chatId }) => chatId)).toEqual([1002, 1001])
  })

  it('does not tell what somebody no longer wants to hear, nor who has left', async () => {
    const { sql } = database
    const { telegram, run } = setting()
    await bought('111111')
    await bought('222222')
    await sql`update people set notify_purchases = false where telegram_id = 1001`
    await forget(sql, 1002, { secret: 'test', now: start })
    await run(30)
    expect(telegram.sent).toEqual([])
    expect(await states()).toMatchObject([{ state: 'dropped', problem: 'they do not want it' }])
  })

  it('sends nothing twice where two processes lead for a moment', async () => {
    const { clock, telegram } = setting()
    await crowd(40)
    const send = telegram.sendAt(clock.now)
    await Promise.all([1, 2, 3].map(() => deliverFor(10, { sql: database.sql, clock, send })))
    expect(telegram.sent).toHaveLength(40)
    expect(new Set(telegram.sent.map(({ chatId }) => chatId)).size).toBe(40)
  })
})
