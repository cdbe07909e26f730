import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Purchase } from '../../../shared/api.ts'
import type { Operation } from '../../../shared/operation.ts'
import { DAY, toIso } from '../../../shared/time.ts'
import { createTestCloud, operation, type TestCloud } from '../../testing/cloud.ts'
import { runAudit } from '../audit.ts'

let cloud: TestCloud
let storeId = 0
let first = { id: 0, key: '' }
let second = { id: 0, key: '' }
let stranger = { id: 0, key: '' }
/** Noon in Moscow, so that a day of the shops is not one of UTC a few hours later. */
const NOON = Date.parse('2026-11-28T09:00:00.000Z')

beforeAll(async () => {
  cloud = await createTestCloud()
  cloud.clock.now = NOON
  storeId = await cloud.addStore('Ашукино')
  first = await cloud.addRegister(storeId, 'Касса 1')
  second = await cloud.addRegister(storeId, 'Касса 2')
  stranger = await cloud.addRegister(await cloud.addStore('Правда'), 'Касса 1')
  await cloud.addCustomer('654321', 5000)
  await cloud.addCustomer('654322')
})
afterAll(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await cloud.drop()
})

const prices = Array.from({ length: 50 }, (_, index) => 100_000 + index * 100)
/** No two look alike. */
const sold = (wanted: Partial<Extract<Operation, { kind: 'earn' }>> = {}) =>
  operation(cloud.clock, { kind: 'earn', purchaseKopecks: prices.pop() ?? 1, ...wanted })

async function send(key: string, ...operations: Operation[]): Promise<void> {
  const { outcomes } = await cloud.send(key, ...operations)
  expect(outcomes.map(({ status }) => status)).toEqual(operations.map(() => 'accepted'))
}

async function find(query: Record<string, string>, key = first.key) {
  const { status, body } = await cloud.request('GET', `/v1/purchases?${new URLSearchParams(query)}`, { key })
  expect([status, body]).toMatchObject([200, {}])
  return body as { purchases: Purchase[]; more: boolean }
}
const idsOf = async (query: Record<string, string>, key?: string) =>
  (await find(query, key)).purchases.map(({ id }) => id)

describe('a receipt', () => {
  it('is found by its number and by how it ends, from every till of the store and from no other store', async () => {
    const sale = sold({ receipt: 'ТД-000123' })
    await send(second.key, sale)
    for (const receipt of ['ТД-000123', '000123', '123']) expect(await idsOf({ receipt })).toEqual([sale.id])
    for (const receipt of ['23', 'ТД-00012', '0123%', '9123']) expect(await idsOf({ receipt })).toEqual([])
    expect(await idsOf({ receipt: 'ТД-000123' }, stranger.key)).toEqual([])
  })

  it('that is shorter than three characters is found by the whole of it', async () => {
    const sales = [sold({ receipt: '7' }), sold({ receipt: '17' })]
    await send(first.key, ...sales)
    expect(await idsOf({ receipt: '7' })).toEqual([sales[0]?.id])
    expect(await idsOf({ receipt: '17' })).toEqual([sales[1]?.id])
  })

  it('of a card and a day is of that card and that day', async () => {
    const sales = [sold({ receipt: 'Б-555' }), sold({ receipt: 'Б-555', card: '654322' })]
    await send(first.key, ...sales)
    expect(await idsOf({ receipt: '555', card: '654322' })).toEqual([sales[1]?.id])
    expect(await idsOf({ receipt: '555', card: '654322', day: '2026-11-28' })).toEqual([sales[1]?.id])
    expect(await idsOf({ receipt: '555', day: '2026-11-27' })).toEqual([])
  })
})

describe('what is told of a purchase', () => {
  it('is all that the rule of refunds needs, and what came back before', async () => {
    const sale = sold({ receipt: 'А-1', purchaseKopecks: 123_456 })
    const part = operation(cloud.clock, { kind: 'refund', originalId: sale.id, refundKopecks: 23_456 })
    await send(second.key, sale, part)
    expect(await find({ receipt: 'А-1' })).toEqual({
      purchases: [
        {
          ...{ id: sale.id, kind: 'earn', at: toIso(NOON), register: { id: second.id, name: 'Касса 2' } },
          ...{ card: '654321', firstName: 'Анна', receipt: 'А-1', purchaseKopecks: 123_456 },
          ...{ paidKopecks: 123_456, spent: 0, refunds: 1, refundedKopecks: 23_456 },
          awards: [{ points: 49, basisPoints: 400, minPaidKopecks: 0, capPoints: null }],
        },
      ],
      more: false,
    })
  })

  it('is of a redemption what its apply has earned, and nothing while 1C has not taken the discount', async () => {
    const sale = operation(cloud.clock, {
      ...{ kind: 'redeem', purchaseKopecks: 100_000, points: 200, receipt: 'Р-001' },
    })
    await send(first.key, sale)
    expect(await idsOf({ receipt: 'Р-001' })).toEqual([])
    await send(first.key, operation(cloud.clock, { kind: 'apply', redeemId: sale.id }))
    expect((await find({ receipt: 'Р-001' })).purchases).toMatchObject([
      { id: sale.id, kind: 'redeem', spent: 200, paidKopecks: 80_000, awards: [{ points: 32 }], refunds: 0 },
    ])
    const given = { ...sale, id: sold().id, receipt: 'Р-002', purchaseKopecks: 100_001 }
    await send(first.key, given, operation(cloud.clock, { kind: 'release', redeemId: given.id }))
    expect(await idsOf({ receipt: 'Р-002' })).toEqual([])
  })

  it('is nobody’s name once they are erased, and it can still come back', async () => {
    await cloud.addCustomer('654399')
    const sale = sold({ card: '654399', receipt: 'З-001' })
    await send(first.key, sale)
    await cloud.sql`update customers set status = 'erased', first_name = null where card = '654399'`
    expect((await find({ receipt: 'З-001' })).purchases).toMatchObject([{ id: sale.id, firstName: null }])
  })
})

describe('the purchases of a day', () => {
  it('are those of the calendar of the shops, the latest first, also where they came later', async () => {
    const midnight = Date.parse('2026-11-19T21:00:00.000Z')
    cloud.clock.now = midnight + 3 * DAY
    const [before, start, end, after] = [-1, 0, DAY - 1, DAY].map((ms) => sold({ at: toIso(midnight + ms) }))
    if (!(before && start && end && after)) throw new Error('four sales')
    await send(second.key, before, start, end, after)
    expect(await idsOf({ day: '2026-11-20' })).toEqual([end.id, start.id])
    expect(await idsOf({ day: '2026-11-19' })).toEqual([before.id])
    expect(await idsOf({ day: '2026-11-20' }, stranger.key)).toEqual([])
    await cloud.sql`update programmes set time_zone = 'Asia/Yekaterinburg'`
    expect(await idsOf({ day: '2026-11-20' })).toEqual([start.id, before.id])
    const { body } = await cloud.request('GET', '/v1/register', { key: first.key })
    expect(body).toMatchObject({ timeZone: 'Asia/Yekaterinburg' })
    await cloud.sql`update programmes set time_zone = null`
    cloud.clock.now = NOON
  })

  it('are those of today where nothing is said, as many as are wanted', async () => {
    const { purchases, more } = await find({ limit: '3' })
    expect([purchases.length, more]).toEqual([3, true])
    expect(purchases.every(({ at }) => at === toIso(NOON))).toBe(true)
  })
})

describe('goods that another store sold', () => {
  const setReturnsOf = (value: 'store' | 'programme') =>
    cloud.sql`
      update programmes set version = version + 1, settings = settings || ${cloud.sql.json({ returns_of: value })}`

  it('are found by the card and come back where the programme says so, and by nothing else', async () => {
    const sale = sold({ card: '654322', receipt: 'ДР-900001' })
    await send(stranger.key, sale)
    const refund = operation(cloud.clock, { kind: 'refund', originalId: sale.id })
    expect(await idsOf({ card: '654322' })).not.toContain(sale.id)
    expect((await cloud.send(first.key, refund)).outcomes).toMatchObject([{ code: 'not_your_operation' }])

    await setReturnsOf('programme')
    expect((await find({ card: '654322' })).purchases[0]).toMatchObject({
      ...{ id: sale.id, register: { name: 'Касса 1' }, store: { name: 'Правда' } },
    })
    expect(await idsOf({ card: '654322', receipt: '900001' })).toEqual([sale.id])
    expect(await idsOf({ card: '654322', receipt: '900002' })).toEqual([])
    // Receipts and days of other stores are nobody's business here.
    expect(await idsOf({ receipt: 'ДР-900001' })).toEqual([])
    expect(await idsOf({ day: '2026-11-28' })).not.toContain(sale.id)
    const own = sold({ card: '654322' })
    await send(first.key, own)
    expect((await find({ card: '654322' })).purchases.find(({ id }) => id === own.id)).not.toHaveProperty(
      'store',
    )

    await send(first.key, refund)
    expect((await find({ card: '654322' })).purchases.find(({ id }) => id === sale.id)).toMatchObject({
      refunds: 1,
    })
    expect(await runAudit(cloud.sql)).toEqual([])
    await cloud.sql`
      insert into audit_log (at, who, action, subject, before, after)
      values (${toIso(NOON - DAY)}, 'admin:anna', 'settings set', 'setting returns_of', '{"returns_of": "store"}', '{"returns_of": "programme"}')`
    // What came back while it was said stays right when it is said no more.
    await setReturnsOf('store')
    expect(await runAudit(cloud.sql)).toEqual([])
    const left = await idsOf({ card: '654322' })
    expect(left).toContain(own.id)
    expect(left).not.toContain(sale.id)
  })
})

it('a card that has bought nothing here costs as much as one that nobody has', async () => {
  const strict = await createTestCloud({ missedLookups: { perMinute: 10, burst: 2 } })
  const { key } = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  await strict.addCustomer('654321', 100)
  const statuses = []
  for (const card of ['654321', '111111', '654321'])
    statuses.push((await strict.request('GET', `/v1/purchases?card=${card}`, { key })).status)
  expect(statuses).toEqual([200, 200, 429])
  await strict.drop()
})

it.each(['day=2026-13-01', 'day=0000-01-01', 'day=today', 'card=12', 'receipt=', 'limit=51', 'limit=0'])(
  'of %s nothing is looked for',
  async (query) => {
    const { status } = await cloud.request('GET', `/v1/purchases?${query}`, { key: first.key })
    expect(status).toBe(400)
  },
)
