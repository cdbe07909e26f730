import { randomUUIDv7 } from 'node:crypto'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DAY, MINUTE, toIso } from '../../shared/time.ts'
import { createLookupCounts } from '../access/registers/lookupCounts.ts'
import { perform } from '../acts/act.ts'
import { mergeCustomers } from '../acts/merges.ts'
import { setSetting } from '../acts/settings.ts'
import { busyCustomers } from '../admin/customers.ts'
import { houseOf } from '../admin/testing.ts'
import { createTestCloud, operation, type TestCloud } from '../testing/cloud.ts'
import { createAlertsJob } from './alertsJob.ts'

describe('of a key that somebody has taken, IT hears', () => {
  let cloud: TestCloud
  let thief: { id: number; key: string }
  const cards = Array.from({ length: 20 }, (_, index) => String(200_000 + index))
  beforeEach(async () => {
    cloud = await createTestCloud()
    thief = await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')
    await cloud.sql`
      insert into customers (card, first_name) select card, 'Анна' from unnest(${cards}::text[]) as card`
  })
  afterEach(() => cloud.drop())

  const house = () => houseOf(cloud.sql, cloud.clock.now)
  const look = async () => {
    await createAlertsJob(null).work(cloud.sql, { now: cloud.clock.now })
    const open = await cloud.sql<{ kind: string; reference: string; what: string }[]>`
      select kind, reference, details->>'what' as what from alerts where ended_at is null order by kind`
    return [...open]
  }
  const lookUp = async (some: string[]) => {
    for (const code of some) await cloud.request('GET', `/v1/customers?code=${code}`, { key: thief.key })
    await cloud.lookups.save()
  }

  it('that it holds as many points as it may, and that this is over when they are back', async () => {
    for (const card of cards) await cloud.give(card, 100)
    const redemptions = cards.map((card) => operation(cloud.clock, { kind: 'redeem', card, points: 10 }))
    await cloud.send(thief.key, ...redemptions.slice(0, 4))
    expect(await look()).toEqual([])
    await cloud.send(thief.key, ...redemptions.slice(4))
    const [found, ...more] = await look()
    expect(more).toEqual([])
    expect(found).toEqual({
      kind: 'holds',
      reference: `register ${thief.id}`,
      what: '5 redemptions are open, and it may open no more',
    })
    const [first] = redemptions
    await cloud.send(thief.key, operation(cloud.clock, { kind: 'release', redeemId: first?.id ?? '' }))
    expect(await look()).toEqual([])
  })

  it('that it redeems more in an hour than a till, also what is refused', async () => {
    await perform(setSetting, { key: 'alert_redemptions_an_hour', value: 12 }, house())
    for (const card of cards.slice(0, 13))
      await cloud.send(thief.key, operation(cloud.clock, { kind: 'redeem', card, points: 1 }))
    expect(await look()).toMatchObject([{ kind: 'holds', what: '13 redemptions within an hour' }])
    cloud.clock.now += 61 * MINUTE
    expect(await look()).toEqual([])
  })

  it('that it looks up many different cards, or many that nobody has; the same ones again are no matter', async () => {
    await perform(setSetting, { key: 'alert_cards_in_ten_minutes', value: 15 }, house())
    await perform(setSetting, { key: 'alert_missed_cards_in_ten_minutes', value: 3 }, house())
    cloud.clock.now -= cloud.clock.now % (10 * MINUTE)
    await lookUp([...cards.slice(0, 12), ...cards.slice(0, 12), '99200000', 'https://example.org'])
    await lookUp(['100001', '100002', '100003', '100003'])
    expect(await cloud.sql`select register_id, cards, missed from lookup_counts`).toEqual([
      { register_id: thief.id, cards: 15, missed: 3 },
    ])
    expect(await look()).toEqual([])
    await lookUp(['100004'])
    expect(await look()).toMatchObject([
      {
        kind: 'lookups',
        what: "16 different cards looked up within ten minutes, 4 of them nobody's",
      },
    ])
    cloud.clock.now += 20 * MINUTE
    expect(await look()).toEqual([])
    cloud.clock.now += DAY
    await look()
    expect(await cloud.sql`select from lookup_counts`).toHaveLength(0)
  })

  it('of look-ups that several processes have counted, together', async () => {
    const log = pino({ level: 'silent' })
    const note = { registerId: thief.id, isMissed: false, now: cloud.clock.now }
    const processes = [
      createLookupCounts({ sql: cloud.sql, log }),
      createLookupCounts({ sql: cloud.sql, log }),
    ]
    for (const [index, counts] of processes.entries())
      for (const card of cards.slice(0, 10 + index)) counts.note({ ...note, card })
    await Promise.all(processes.map((counts) => counts.stop()))
    expect(await cloud.sql`select cards, missed from lookup_counts`).toEqual([{ cards: 21, missed: 0 }])
  })

  it('of look-ups that could not be counted while the database was away, once it is back', async () => {
    const { sql } = cloud
    let isAway = true
    const flaky = new Proxy(sql, {
      apply: (target, self, args: Parameters<typeof sql>) =>
        isAway ? Promise.reject(new Error('gone')) : Reflect.apply(target, self, args),
    })
    const counts = createLookupCounts({ sql: flaky, log: pino({ level: 'silent' }) })
    const note = { registerId: thief.id, now: cloud.clock.now }
    counts.note({ ...note, card: '200000', isMissed: false })
    await counts.save()
    isAway = false
    counts.note({ ...note, card: '100001', isMissed: true })
    await counts.stop()
    expect(await sql`select cards, missed from lookup_counts`).toEqual([{ cards: 2, missed: 1 }])
  })

  it('that many cards are made one at it, and for whom they stand by then', async () => {
    const [phone = '', ...plastic] = cards
    await cloud.sql`
      insert into people (telegram_id, customer_id, language) select 1, id, 'ru' from customers where card = ${phone}`
    await perform(setSetting, { key: 'alert_merges_a_day', value: 4 }, house())
    const merge = async (some: string[]) => {
      for (const otherCard of some)
        await cloud.send(thief.key, operation(cloud.clock, { kind: 'merge', card: phone, otherCard }))
    }
    await merge(plastic.slice(0, 3))
    expect(await look()).toEqual([])
    await merge(plastic.slice(3, 4))
    expect(await look()).toMatchObject([
      { kind: 'merges', what: expect.stringContaining('ends in 000 stands for 4 others') },
    ])
    expect(await busyCustomers(house())).toEqual({
      ...{ customers: [], withManyCards: [{ card: phone, others: 4 }] },
    })
    await merge(plastic.slice(4, 5))
    const found = await look()
    expect(found.map(({ reference }) => reference).sort()).toEqual([
      expect.stringMatching(/^customer /),
      `register ${thief.id}`,
    ])
    cloud.clock.now += DAY
    expect(await look()).toEqual([])
  })

  it('that many cards are made one by a person, whoever they are for', async () => {
    await perform(setSetting, { key: 'alert_merges_a_day', value: 2 }, house())
    const merge = (card: string, other: string) =>
      perform(mergeCustomers, { card, other, reason: 'потеряна' }, house())
    for (const pair of [0, 2, 4]) {
      expect(await look()).toEqual([])
      await merge(cards[pair] ?? '', cards[pair + 1] ?? '')
    }
    expect(await look()).toMatchObject([
      { kind: 'merges', what: expect.stringMatching(/^admin:\w+ made two cards one 3 times within a day/) },
    ])
  })

  it('that a card buys more often than a customer does, which is named only to who has signed in', async () => {
    const [card = ''] = cards
    const buy = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        cloud.clock.now += MINUTE
        await cloud.send(thief.key, operation(cloud.clock, { kind: 'earn', card, purchaseKopecks: 10_000 }))
      }
    }
    await buy(10)
    expect(await look()).toEqual([])
    await buy(1)
    const found = await look()
    expect(found).toMatchObject([{ kind: 'purchases', what: expect.stringContaining('ends in 000 made 11') }])
    expect(JSON.stringify(found)).not.toContain(card)
    expect(await busyCustomers(house())).toEqual({
      ...{ customers: [{ card, purchases: 11, points: 44 }], withManyCards: [] },
    })
    cloud.clock.now += DAY
    expect(await look()).toEqual([])
  })

  it('that a register gives more points in a day than a till', async () => {
    const earn = (card: string) => operation(cloud.clock, { kind: 'earn', card, purchaseKopecks: 25_000_000 })
    await cloud.send(thief.key, earn(cards[0] ?? ''), earn(cards[1] ?? ''))
    expect(await look()).toEqual([])
    await cloud.send(
      thief.key,
      operation(cloud.clock, { kind: 'earn', card: cards[2] ?? '', purchaseKopecks: 2500 }),
    )
    expect(await look()).toMatchObject([{ kind: 'points', what: '20001 points earned within a day' }])
  })

  it('of a flood of discrepancies once, and of a late apply with the register of its hold', async () => {
    const parked = () => ({
      id: randomUUIDv7(),
      kind: 'earn',
      at: toIso(cloud.clock.now),
      card: null,
      purchaseKopecks: 1,
      points: null,
      code: 'customer_not_found',
      message: 'no',
    })
    for (let count = 0; count < 10; count += 1)
      await cloud.request('POST', '/v1/parked', { key: thief.key, json: parked() })
    await cloud.give(cards[0] ?? '', 100)
    const hold = operation(cloud.clock, { kind: 'redeem', card: cards[0] ?? '', points: 10 })
    await cloud.send(thief.key, hold)
    const author = { type: 'admin', name: 'anna' } as const
    const at = cloud.clock.now
    await cloud.queue.submit([
      { id: randomUUIDv7(), kind: 'release', at, redeemId: hold.id, reason: 'stolen', author },
    ])
    await cloud.send(thief.key, operation(cloud.clock, { kind: 'apply', redeemId: hold.id }))
    expect((await look()).map(({ reference }) => reference)).toEqual([
      `late_apply of register ${thief.id}`,
      `parked of register ${thief.id}`,
    ])
  })
})
