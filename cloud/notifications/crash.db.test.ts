import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SECOND } from '../../shared/time.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { execute, noonOf } from '../jobs/testing.ts'
import { addStores, earn } from '../ledger/testing/makers.ts'
import { deliver } from './deliver.ts'
import { LEASE_MS } from './messages.ts'
import type { Send } from './telegram.ts'
import { senderThatDies } from './testing/senderThatDies.ts'
import { addPeople, createTestClock, deliverFor, fakeTelegram } from './testing.ts'

const start = noonOf(0)

describe('a sender that dies', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await createTestDatabase()
    await addPeople(database.sql, '111111', '222222')
    await database.sql`insert into stores (name) values ('Ашукино')`
  })
  afterEach(() => database.drop())

  const states = async () => [
    ...(await database.sql`select state, interruptions from notifications order by customer_id`),
  ]

  it('at any moment loses no message and repeats one at most', async () => {
    const { sql } = database
    let deaths = 0
    let repeats = 0
    for (let effect = 1; ; effect += 1) {
      for (const moment of ['before', 'after'] as const) {
        await sql`delete from notifications`
        const at = start + (2 * effect + (moment === 'before' ? 0 : 1)) * 60 * SECOND
        await execute(sql, ...['111111', '222222'].map((card) => earn(125_000, { card, at })))
        const clock = createTestClock(at)
        const telegram = fakeTelegram()
        const send = telegram.sendAt(clock.now)
        const life = senderThatDies({ effect, moment })
        const run = deliverFor(5, { sql: life.mortalSql(sql), clock, send: life.mortalSend(send) })
        const hasDied = await Promise.race([life.dead.then(() => true), run.then(() => false)])
        if (!hasDied) {
          expect(deaths).toBeGreaterThan(10)
          expect(repeats).toBeGreaterThan(0)
          return
        }
        deaths += 1
        clock.advance(LEASE_MS)
        await deliverFor(5, { sql, clock, send })
        const told = [1001, 1002].map((chat) => telegram.sent.filter(({ chatId }) => chatId === chat).length)
        expect(told.every((times) => times === 1 || times === 2)).toBe(true)
        expect((await states()).map(({ state }) => state)).toEqual(['sent', 'sent'])
        if (told.includes(2)) repeats += 1
      }
    }
  })

  it('over the same message twice parks it, and goes on with the others', async () => {
    const { sql } = database
    await execute(sql, ...['111111', '222222'].map((card) => earn(125_000, { card, at: start })))
    const clock = createTestClock(start)
    const telegram = fakeTelegram()
    const take = telegram.sendAt(clock.now)
    for (let life = 0; life < 3; life += 1) {
      const { promise: dead, resolve: die } = Promise.withResolvers<void>()
      const deadly: Send = async (message) => {
        await take(message)
        if (message.chatId !== 1001) return { status: 'sent' }
        die()
        return await new Promise<never>(() => {})
      }
      await Promise.race([dead, deliverFor(5, { sql, clock, send: deadly })])
      clock.advance(LEASE_MS)
    }
    expect(telegram.sent.map(({ chatId }) => chatId).sort()).toEqual([1001, 1001, 1002])
    expect(await states()).toEqual([
      { state: 'parked', interruptions: 2 },
      { state: 'sent', interruptions: 0 },
    ])
  })
})

describe('a sender that leads no more because the database is away', () => {
  it('marks what Telegram has taken once the database is back', async () => {
    const database = await createTestDatabase()
    await addStores(database.sql)
    const { sql } = database
    await addPeople(sql, '111111')
    await execute(sql, earn(125_000, { card: '111111', at: start }))
    const leading = new AbortController()
    let refusals = 0
    async function ask(query: unknown): Promise<unknown> {
      if (refusals === 0) return await query
      refusals -= 1
      throw Object.assign(new Error('away'), { code: 'CONNECTION_CLOSED' })
    }
    // A query is asked when it is waited for; a fragment never is.
    const flakyQuery = (query: object) =>
      new Proxy(query, {
        get: (target, key) =>
          key === 'then'
            ? (...heard: Parameters<Promise<unknown>['then']>) => ask(query).then(...heard)
            : Reflect.get(target, key),
      })
    const flaky = new Proxy(sql, {
      apply: (target, self, args) => flakyQuery(Reflect.apply(target as never, self, args)),
    })
    const telegram = fakeTelegram()
    const clock = createTestClock(start)
    const take = telegram.sendAt(clock.now)
    await deliver({
      ...{ sql: flaky, clock, timeZone: 'Europe/Moscow', log: pino({ level: 'silent' }) },
      signal: leading.signal,
      stopping: new AbortController().signal,
      send: async (message) => {
        refusals = 2
        leading.abort()
        return await take(message)
      },
    })
    expect(telegram.sent).toHaveLength(1)
    expect(await sql`select state from notifications`).toEqual([{ state: 'sent' }])
    await database.drop()
  })
})
