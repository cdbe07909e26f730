import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toIso } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { dropNotifications, retryNotifications } from '../acts/notifications.ts'
import { createTestDatabase, type TestDatabase } from '../database/testing.ts'
import { addPeople, createTestClock, deliverFor, fakeTelegram } from '../notifications/testing.ts'
import type { House } from './command.ts'
import { listNotifications, notificationCommands } from './notifications.ts'
import { changesIn, houseOf, noon } from './testing.ts'

describe('messages that nobody could send', () => {
  let database: TestDatabase
  let house: House
  beforeEach(async () => {
    database = await createTestDatabase()
    house = houseOf(database.sql)
    await addPeople(database.sql, '111111', '222222', '333333')
    await database.sql`
      insert into notifications (
        customer_id, kind, reference, facts, created_at, due_at, attempts, failures, interruptions, state, settled_at, problem)
      select customer_id, 'welcome', reference, '{"bonus": 0}', to_timestamp(${noon / 1000}), to_timestamp(${noon / 1000}),
        3, 3, 1, 'parked', now(), '400: Bad Request'
      from people, (values ('a'), ('b')) as given(reference) where telegram_id <> 1003`
    await database.sql`
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      values (3, 'welcome', 'a', '{"bonus": 0}', ${toIso(noon)}, ${toIso(noon)})`
  })
  afterEach(() => database.drop())

  const counts = async () => {
    const { waiting, parked } = await listNotifications(house)
    return { waiting, parked }
  }

  it('are listed with their problem and the card, and nothing else of the person', async () => {
    const { notifications, ...rest } = await listNotifications(house)
    expect(rest).toEqual({ waiting: 1, parked: 4, state: 'parked' })
    expect(notifications[0]).toEqual({
      card: '111111',
      kind: 'welcome',
      reference: 'a',
      createdAt: toIso(noon),
      dueAt: toIso(noon),
      attempts: 3,
      problem: '400: Bad Request',
    })
    const waiting = await listNotifications(house, { state: 'waiting' })
    expect(waiting.notifications.map(({ card }) => card)).toEqual(['333333'])
    const printed = await notificationCommands['notification list']?.prepare([])(house)
    expect(printed?.text).toMatch(/^1 waiting, 4 parked\.\ncard .*\n111111 .* 400: Bad Request/)
  })

  it('are sent when they are tried again', async () => {
    expect(await perform(retryNotifications, { card: '111111', reference: 'a' }, house)).toEqual({
      changed: 1,
    })
    expect(await perform(retryNotifications, { card: '222222' }, house)).toEqual({ changed: 2 })
    expect(await counts()).toEqual({ waiting: 4, parked: 1 })
    const clock = createTestClock(noon)
    const telegram = fakeTelegram()
    telegram.next({ status: 'failed', problem: 'Internal Server Error' })
    await deliverFor(60, { sql: database.sql, clock, send: telegram.sendAt(clock.now) })
    expect(await counts()).toEqual({ waiting: 0, parked: 1 })
    expect(await database.sql`select from notifications where state = 'sent'`).toHaveLength(4)
  })

  it('are dropped when nobody needs them', async () => {
    expect(await perform(dropNotifications, { all: true }, house)).toEqual({ changed: 4 })
    expect(await counts()).toEqual({ waiting: 1, parked: 0 })
    expect(await changesIn(house.sql)).toEqual([
      {
        who: 'admin:anna',
        action: 'notification drop',
        subject: 'notifications',
        before: { state: 'parked' },
        after: { state: 'dropped', count: 4 },
      },
    ])
  })

  it.each([
    [{}, 'which'],
    [{ all: true, card: '111111' }, 'which'],
    [{ all: true, reference: 'a' }, 'which'],
    [{ card: '333333' }, 'nothing_parked'],
    [{ card: '111111', reference: 'c' }, 'nothing_parked'],
  ])('are left alone where it is not said which, or none are meant: %j', async (which, code) => {
    await expect(perform(retryNotifications, which, house)).rejects.toMatchObject({ code })
    expect(await counts()).toEqual({ waiting: 1, parked: 4 })
    expect(await changesIn(house.sql)).toEqual([])
  })
})
