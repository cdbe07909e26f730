import { expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import { createFakeClock } from '../exchange/testing.ts'
import { createJoins } from './joins.ts'

type Told = { card: string; firstName: string | null; at: string }[]

function open({ canTell = true, isDisplayShown = true } = {}) {
  const joinHereUrl = canTell ? 'https://t.me/bot?start=till-0123456789ab' : undefined
  const clock = createFakeClock()
  const shop = {
    told: [] as Told,
    isAway: false,
    line: 'online' as 'online' | 'offline',
    customer: null as { card: string } | null,
    isDisplayShown,
    asked: 0,
    changes: 0,
  }
  const client = {
    async joins() {
      shop.asked += 1
      return shop.isAway
        ? { ok: false as const, failure: 'offline' as const, message: '' }
        : { ok: true as const, value: { joined: shop.told } }
    },
  }
  const joins = createJoins({
    clock,
    settings: { current: () => ({ known: { joinHereUrl } }) },
    session: { get: () => ({ customer: shop.customer, act: null }) },
    connection: () => ({ client, signal: new AbortController().signal, state: () => ({ line: shop.line }) }),
    isDisplayShown: () => shop.isDisplayShown,
    onChange: () => {
      shop.changes += 1
    },
  })
  return { joins, clock, shop }
}

const anna = { card: '654321', firstName: 'Анна', at: '2026-11-29T19:00:00.000Z' }
const shown = { card: '654321', firstName: 'Анна' }

it('who joins is told of within seconds, once, until they are opened', async () => {
  const { joins, clock, shop } = open()
  joins.reconsider()
  await clock.advance(MINUTE)
  expect(joins.current()).toEqual([])
  expect(shop.changes).toBe(0)
  shop.told = [anna]
  await clock.advance(3 * SECOND)
  expect(joins.current()).toEqual([shown])
  await clock.advance(MINUTE)
  expect(shop.changes).toBe(1)
  shop.customer = { card: '654321' }
  joins.reconsider()
  expect(joins.current()).toEqual([])
  shop.customer = null
  joins.reconsider()
  await clock.advance(MINUTE)
  expect(joins.current()).toEqual([])
})

it('the cloud is asked only while the code is seen and nobody is served', async () => {
  const { joins, clock, shop } = open()
  const asksIn = async (ms: number) => {
    const before = shop.asked
    joins.reconsider()
    await clock.advance(ms)
    return shop.asked - before
  }
  expect(await asksIn(30 * SECOND)).toBeGreaterThanOrEqual(10)
  shop.customer = { card: '111111' }
  await asksIn(3 * SECOND)
  expect(await asksIn(MINUTE)).toBe(0)
  shop.customer = null
  expect(await asksIn(SECOND)).toBe(1)
  shop.isDisplayShown = false
  await asksIn(3 * SECOND)
  expect(await asksIn(MINUTE)).toBe(0)
  shop.isDisplayShown = true
  shop.line = 'offline'
  expect(await asksIn(MINUTE)).toBe(0)
})

it('the till’s own screen shows the code as well, and somebody is expected for ten minutes', async () => {
  const { joins, clock, shop } = open({ isDisplayShown: false })
  joins.reconsider()
  await clock.advance(MINUTE)
  expect(shop.asked).toBe(0)
  joins.expect()
  shop.told = [anna]
  await clock.advance(3 * SECOND)
  expect(joins.current()).toEqual([shown])
  await clock.advance(10 * MINUTE)
  // They were told of for so long, and are gone from the screen by themselves.
  shop.told = []
  await clock.advance(3 * SECOND)
  expect(joins.current()).toEqual([])
  await clock.advance(3 * SECOND)
  const asked = shop.asked
  joins.reconsider()
  await clock.advance(10 * MINUTE)
  expect(shop.asked).toBe(asked)
})

it('a cloud that cannot tell is never asked', async () => {
  const { joins, clock, shop } = open({ canTell: false })
  joins.expect()
  await clock.advance(MINUTE)
  expect(shop.asked).toBe(0)
})

it('an answer that does not come is asked for again, and takes nobody away', async () => {
  const { joins, clock, shop } = open()
  shop.told = [anna]
  joins.reconsider()
  await clock.advance(SECOND)
  shop.isAway = true
  await clock.advance(10 * SECOND)
  expect(joins.current()).toEqual([shown])
  shop.isAway = false
  shop.told = []
  await clock.advance(3 * SECOND)
  expect(joins.current()).toEqual([])
})

it('who is hidden or forgotten does not come back, and nothing is asked of a till that has stopped', async () => {
  const { joins, clock, shop } = open()
  const boris = { ...anna, card: '222222' }
  shop.told = [anna, boris]
  joins.reconsider()
  await clock.advance(SECOND)
  joins.hide('654321')
  expect(joins.current()).toHaveLength(1)
  joins.forget(['222222'])
  await clock.advance(MINUTE)
  expect(joins.current()).toEqual([])
  joins.stop()
  const asked = shop.asked
  joins.reconsider()
  await clock.advance(MINUTE)
  expect(shop.asked).toBe(asked)
})
