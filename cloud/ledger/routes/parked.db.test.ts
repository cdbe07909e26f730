import { randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DAY, toIso } from '../../../shared/time.ts'
import { createTestCloud, type TestCloud } from '../../testing/cloud.ts'

let cloud: TestCloud
let key = ''
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  await cloud.addCustomer('654321', 500)
})
afterAll(() => cloud.drop())

const parked = () => ({
  id: randomUUIDv7(),
  kind: 'earn',
  at: toIso(cloud.clock.now),
  card: '654321',
  purchaseKopecks: 100_000,
  points: null,
  code: 'customer_frozen',
  message: 'The customer is frozen.',
})
const handOver = (json: unknown, as = key) => cloud.request('POST', '/v1/parked', { key: as, json })

test('a parked operation that is handed over becomes one discrepancy, and moves no points', async () => {
  const operation = parked()
  for (const _again of [1, 2]) {
    expect(await handOver(operation)).toMatchObject({ status: 200, body: { isFiled: true } })
  }
  const filed = await cloud.sql`
    select kind, details, cards.card from discrepancies
      join customers as cards on cards.id = customer_id
    where reference = ${operation.id}`
  expect(filed).toEqual([
    {
      kind: 'parked',
      card: '654321',
      details: expect.objectContaining({
        code: 'customer_frozen',
        store: 'Ашукино',
        purchaseKopecks: 100_000,
      }),
    },
  ])
  expect(await cloud.sql`select balance from customers`).toEqual([{ balance: 500 }])
})

test('a flood of a register is 200 discrepancies a day, one that counts the rest, and no burden of another register', async () => {
  const other = (await cloud.addRegister(await cloud.addStore('Правда'), 'Касса 1')).key
  const mad = await cloud.addRegister(await cloud.addStore('Софрино'), 'Касса 1')
  const filed = async () => [
    ...(await cloud.sql`
      select count(*), max(reference) filter (where details ? 'more') as reference,
        sum((details->>'more')::int)::int as more
      from discrepancies where details->>'registerId' = ${mad.id}::int::text`),
  ]
  const flood = Array.from({ length: 230 }, parked)
  for (let start = 0; start < flood.length; start += 23) {
    const some = flood.slice(start, start + 23)
    const replies = await Promise.all(some.map((operation) => handOver(operation, mad.key)))
    expect(replies.map(({ status }) => status)).toEqual(some.map(() => 200))
  }
  const today = toIso(cloud.clock.now).slice(0, 10)
  const summary = { count: 201, reference: `register ${mad.id} on ${today}`, more: 30 }
  expect(await filed()).toEqual([summary])
  // What was filed before is told again: nothing is new.
  expect((await handOver(flood[0], mad.key)).status).toBe(200)
  expect(await filed()).toEqual([summary])

  await handOver(parked(), other)
  expect(await cloud.sql`select count(*) from discrepancies where details->>'store' = 'Правда'`).toEqual([
    { count: 1 },
  ])
  cloud.clock.now += DAY
  await handOver(parked(), mad.key)
  expect(await filed()).toEqual([{ ...summary, count: 202 }])
  cloud.clock.now -= DAY
})

test('a card that nobody has is handed over all the same', async () => {
  const operation = { ...parked(), card: '111111', code: 'customer_not_found' }
  expect((await handOver(operation)).status).toBe(200)
  const filed =
    await cloud.sql`select customer_id, details->>'card' as card from discrepancies where reference = ${operation.id}`
  expect(filed).toEqual([{ customer_id: null, card: '111111' }])
})

test('nobody without a key, and nothing of another form, is taken', async () => {
  expect((await handOver(parked(), 'kop_wrong')).status).toBe(401)
  expect((await handOver({ ...parked(), more: 1 })).status).toBe(400)
})
