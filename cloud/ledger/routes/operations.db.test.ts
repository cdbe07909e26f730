import assert from 'node:assert/strict'
import { randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Accepted, Refused } from '../../../shared/operation.ts'
import { SECOND, toIso } from '../../../shared/time.ts'
import { createTestCloud, operation, type TestCloud } from '../../testing/cloud.ts'
import { runAudit } from '../audit.ts'

let cloud: TestCloud
let key = ''
let otherStoreKey = ''
let card = ''

beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  otherStoreKey = (await cloud.addRegister(await cloud.addStore('Правда'), 'Касса 1')).key
})
afterAll(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await cloud.drop()
})

let lastCard = 100_000
beforeEach(async () => {
  lastCard += 1
  card = String(lastCard)
  await cloud.addCustomer(card, 500)
})

const stored = async (): Promise<number> => {
  const [row] = await cloud.sql<{ count: number }[]>`
    select (select count(*) from operations) + (select count(*) from entries) as count`
  return row?.count ?? 0
}

test('an earning answers with what it earned and with the customer as it left them', async () => {
  const earn = operation(cloud.clock, { kind: 'earn', card, purchaseKopecks: 123_456 })
  const { status, outcomes } = await cloud.send(key, earn)
  expect(status).toBe(200)
  expect(outcomes).toEqual([
    {
      id: earn.id,
      kind: 'earn',
      status: 'accepted',
      replay: false,
      earned: 49,
      spent: 0,
      customer: {
        card,
        firstName: 'Анна',
        available: 549,
        held: 0,
        debt: 0,
        expiresNext: { points: 549, at: expect.stringMatching(/T00:00:00.000Z$/) },
      },
    },
  ])
})

test('a redemption holds the points, and its apply spends them and earns on the money paid', async () => {
  const redeem = operation(cloud.clock, { kind: 'redeem', card, purchaseKopecks: 123_456, points: 246 })
  const [held] = (await cloud.send(key, redeem)).outcomes as Accepted[]
  expect(held).toMatchObject({ earned: 0, spent: 0, hold: { state: 'processing', points: 246 } })
  expect(held?.customer).toMatchObject({ available: 254, held: 246 })

  const apply = operation(cloud.clock, { kind: 'apply', redeemId: redeem.id })
  const [applied] = (await cloud.send(key, apply)).outcomes as Accepted[]
  expect(applied).toMatchObject({ earned: 40, spent: 246, hold: { state: 'applied' } })
  expect(applied?.customer).toMatchObject({ available: 294, held: 0 })
})

test('an operation sent again is answered with the same outcome, marked as a replay', async () => {
  const earn = operation(cloud.clock, { kind: 'earn', card })
  const [first] = (await cloud.send(key, earn)).outcomes
  const [second] = (await cloud.send(key, earn)).outcomes
  expect(second).toEqual({ ...first, replay: true })
})

test('a refusal is final too: the id answers the same although the points would do now', async () => {
  const redeem = operation(cloud.clock, { kind: 'redeem', card, purchaseKopecks: 500_000, points: 900 })
  const first = await cloud.send(key, redeem)
  expect(first.status).toBe(422)
  expect(first.outcomes[0]).toMatchObject({
    code: 'insufficient_points',
    details: { available: 500, requested: 900 },
  })
  await cloud.give(card, 1000)
  const second = await cloud.send(key, redeem)
  expect(second.outcomes[0]).toEqual({ ...first.outcomes[0], replay: true })
})

test('a duplicate is a question: the same id with confirmDuplicate is executed', async () => {
  const first = operation(cloud.clock, { kind: 'earn', card })
  const second = operation(cloud.clock, { kind: 'earn', card })
  await cloud.send(key, first)
  const asked = await cloud.send(key, second)
  expect(asked.status).toBe(409)
  expect(asked.outcomes[0]).toMatchObject({
    code: 'duplicate_transaction',
    details: { duplicateOf: first.id },
  })
  const confirmed = await cloud.send(key, { ...second, confirmDuplicate: true })
  expect(confirmed.outcomes[0]).toMatchObject({ status: 'accepted', earned: 40 })
})

test('an outbox drained late is not refused for equal purchases that lay further apart', async () => {
  const at = (seconds: number) => toIso(cloud.clock.now - seconds * SECOND)
  const { outcomes } = await cloud.send(
    key,
    ...[40, 20, 9].map((seconds) => operation(cloud.clock, { kind: 'earn', card, at: at(seconds) })),
  )
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['accepted', 'accepted', 'accepted'])
})

test('a drain may carry an earning together with its own undo', async () => {
  const earn = operation(cloud.clock, { kind: 'earn', card })
  const undo = operation(cloud.clock, { kind: 'refund', originalId: earn.id })
  const { status, outcomes } = await cloud.send(key, earn, undo)
  expect(status).toBe(200)
  expect(outcomes[1]).toMatchObject({ status: 'accepted', earned: -40, customer: { available: 500 } })
})

test('one refused or malformed operation in a drain does not stop the rest', async () => {
  const bad = { id: randomUUIDv7(), kind: 'earn', at: 'yesterday', card, purchaseKopecks: 1.5 }
  const { status, outcomes } = await cloud.send(
    key,
    operation(cloud.clock, { kind: 'earn', card }),
    bad,
    operation(cloud.clock, { kind: 'earn', card: '999999' }),
    'nonsense',
    operation(cloud.clock, { kind: 'earn', card, purchaseKopecks: 1_000 }),
  )
  expect(status).toBe(200)
  const told = outcomes.map((outcome) => (outcome.status === 'accepted' ? 'accepted' : outcome.code))
  expect(told).toEqual(['accepted', 'malformed', 'customer_not_found', 'malformed', 'accepted'])
  expect(outcomes[1]).toMatchObject({ id: bad.id, kind: 'earn' })
  expect(outcomes[3]).toMatchObject({ id: null, kind: null })
})

test('an operation that meets a bug costs its own request an answer, and nobody the points', async () => {
  const drain = Array.from({ length: 5 }, (_, index) =>
    operation(cloud.clock, { kind: 'earn', card, purchaseKopecks: 10_000 + index }),
  )
  await cloud.sql.unsafe(`
    create function fail() returns trigger language plpgsql as $$ begin raise exception 'a bug'; end $$;
    create trigger fail before insert on operations for each row
      when (new.id = '${drain[2]?.id}') execute function fail()`)
  cloud.lines.length = 0
  const [failed, answered] = await Promise.all([
    cloud.request('POST', '/v1/operations', { key, json: { operations: drain } }),
    cloud.send(otherStoreKey, operation(cloud.clock, { kind: 'earn', card })),
  ])
  expect(failed).toMatchObject({ status: 500, body: { error: { code: 'internal' } } })
  expect(answered).toMatchObject({ status: 200, outcomes: [{ status: 'accepted' }] })
  expect(cloud.lines.join()).toContain(`the earn ${drain[2]?.id} could not be executed`)

  const { outcomes } = await cloud.send(key, ...drain.toSpliced(2, 1))
  expect(outcomes.map(({ status, replay }) => [status, replay])).toEqual(Array(4).fill(['accepted', true]))
  await cloud.sql`drop function fail cascade`
  const healed = await cloud.send(key, ...drain)
  expect(healed.outcomes.map(({ replay }) => replay)).toEqual([true, true, false, true, true])
})

test('a register that floods is told to wait, and the sale of another one is executed', async () => {
  const other = String(lastCard + 100_000)
  await cloud.addCustomer(other)
  const flood = () =>
    Array.from({ length: 400 }, () => operation(cloud.clock, { kind: 'earn', card, confirmDuplicate: true }))
  const floods: ReturnType<TestCloud['request']>[] = []
  let sale: ReturnType<TestCloud['send']> | undefined
  await cloud.sql.begin(async (sql) => {
    await sql`select from customers where card = ${card} for update`
    for (let count = 0; count < 9; count += 1)
      floods.push(cloud.request('POST', '/v1/operations', { key, json: { operations: flood() } }))
    sale = cloud.send(otherStoreKey, operation(cloud.clock, { kind: 'earn', card: other }))
    await Promise.any(floods.map(async (flood) => assert.equal((await flood).status, 503)))
  })
  expect(await sale).toMatchObject({ status: 200, outcomes: [{ status: 'accepted' }] })
  const refused = (await Promise.all(floods)).filter(({ status }) => status === 503)
  expect(refused.map(({ headers }) => headers.get('retry-after'))).toContain('2')
  expect(JSON.stringify(refused)).toContain('operations of this sender wait already')
})

test("another store's operations cannot be replayed, settled or refunded", async () => {
  const redeem = operation(cloud.clock, { kind: 'redeem', card })
  await cloud.send(key, redeem)
  const before = await stored()
  const attempts = [
    redeem,
    operation(cloud.clock, { kind: 'apply', redeemId: redeem.id }),
    operation(cloud.clock, { kind: 'release', redeemId: redeem.id }),
    operation(cloud.clock, { kind: 'refund', originalId: redeem.id }),
  ]
  for (const attempt of attempts) {
    const { status, outcomes } = await cloud.send(otherStoreKey, attempt)
    expect([status, (outcomes[0] as Refused).code]).toEqual([404, 'not_your_operation'])
  }
  expect(await stored()).toBe(before)
  const { body } = await cloud.request('GET', '/v1/operations?limit=200', { key: otherStoreKey })
  expect(JSON.stringify(body)).not.toContain(redeem.id)
})

const malformedOperations: [string, (good: Record<string, unknown>) => unknown][] = [
  ['an unknown field', (good) => ({ ...good, discount: 5 })],
  ['an unknown kind', (good) => ({ ...good, kind: 'gift' })],
  ['a kind of the house', (good) => ({ ...good, kind: 'adjust', points: 100, reason: 'mine' })],
  ['a fractional amount', (good) => ({ ...good, purchaseKopecks: 100.5 })],
  ['an amount in a string', (good) => ({ ...good, purchaseKopecks: '100' })],
  ['an amount no integer can hold', (good) => ({ ...good, purchaseKopecks: 1e300 })],
  ['a missing amount', ({ purchaseKopecks: _, ...good }) => good],
  ['SQL for a card', (good) => ({ ...good, card: "1'; drop table entries; --" })],
  ['SQL for an id', (good) => ({ ...good, id: "' or 1=1 --" })],
  ['a card with digits of another script', (good) => ({ ...good, card: '٦٥٤٣٢١' })],
  ['a card of eight digits', (good) => ({ ...good, card: '99654321' })],
  ['a time without milliseconds', (good) => ({ ...good, at: '2026-11-21T10:00:00Z' })],
  ['a time of another zone', (good) => ({ ...good, at: '2026-11-21T10:00:00.000+03:00' })],
  ['a receipt with NUL', (good) => ({ ...good, receipt: 'A\0B' })],
  ['a receipt with half a surrogate pair', (good) => ({ ...good, receipt: 'A\ud800' })],
  ['a receipt of 10,000 characters', (good) => ({ ...good, receipt: 'x'.repeat(10_000) })],
  ['null', () => null],
  ['a list', () => []],
]

test.each(malformedOperations)('%s is malformed, and nothing is stored', async (_, spoil) => {
  const before = await stored()
  const good = operation(cloud.clock, { kind: 'earn', card })
  const { status, body } = await cloud.request('POST', '/v1/operations', {
    key,
    json: { operations: [spoil(good)] },
  })
  expect(status).toBe(422)
  expect(body).toMatchObject({
    error: { code: 'malformed' },
    outcomes: [{ status: 'refused', code: 'malformed' }],
  })
  expect(await stored()).toBe(before)
})

test.each([
  ['a negative amount', { purchaseKopecks: -1 }],
  ['no amount', { purchaseKopecks: 0 }],
  ['more than 1,000,000 ₽', { purchaseKopecks: 100_000_001 }],
])('%s is out of range', async (_, wrong) => {
  const { status, outcomes } = await cloud.send(key, operation(cloud.clock, { kind: 'earn', card, ...wrong }))
  expect([status, (outcomes[0] as Refused).code]).toEqual([422, 'amount_out_of_range'])
})

test('text that looks like SQL or markup is kept as the text it is', async () => {
  const receipt = `'; drop table entries; -- <script>alert("1")</script> \\u0000 ${'%s'} 🧾`
  const { status } = await cloud.send(key, operation(cloud.clock, { kind: 'earn', card, receipt }))
  expect(status).toBe(200)
  const [row] = await cloud.sql<
    { receipt: string }[]
  >`select receipt from operations order by recorded_at desc, id desc limit 1`
  expect(row?.receipt).toBe(receipt)
})

test.each([
  ['broken JSON', '{"operations": [', 400],
  ['an empty body', '', 400],
  ['no operations', '{"operations": []}', 400],
  ['another shape', '{"operation": {}}', 400],
  ['an extra field', '{"operations": [{}], "force": true}', 400],
  ['501 operations', JSON.stringify({ operations: Array(501).fill({}) }), 400],
  ['a body of 2 MiB', JSON.stringify({ operations: ['x'.repeat(2 * 1024 * 1024)] }), 413],
])('%s is answered with an error that has a code, and nothing is stored', async (_, sent, expected) => {
  const before = await stored()
  const { status, body } = await cloud.request('POST', '/v1/operations', { key, body: sent })
  expect(status).toBe(expected)
  expect(body).toEqual({
    error: expect.objectContaining({
      code: expected === 413 ? 'too_large' : 'malformed',
      message: expect.any(String),
    }),
  })
  expect(await stored()).toBe(before)
})

test('a body of another type is told to come as JSON', async () => {
  const response = await cloud.app.request('/v1/operations', {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/plain' },
    body: '{"operations": []}',
  })
  expect(response.status).toBe(415)
  expect(await response.json()).toEqual({
    error: { code: 'malformed', message: 'The body must be sent as application/json.' },
  })
})

test('no key, an unknown key and a revoked key are answered 401, at once', async () => {
  const storeId = await cloud.addStore('Софрино')
  const register = await cloud.addRegister(storeId, 'Касса 1')
  const earn = operation(cloud.clock, { kind: 'earn', card })
  await cloud.sql`update registers set revoked_at = now() where id = ${register.id}`
  for (const badKey of [undefined, 'kop_nonsense', 'x'.repeat(5000), register.key]) {
    const { status, body } = await cloud.request('POST', '/v1/operations', {
      ...(badKey && { key: badKey }),
      json: { operations: [earn] },
    })
    const code = badKey === register.key ? 'register_revoked' : 'unauthorized'
    expect([status, body]).toMatchObject([401, { error: { code } }])
  }
})

test('a register that sends more than it may is told how long to wait', async () => {
  const strict = await createTestCloud({ operations: { perMinute: 60, burst: 2 } })
  const { key } = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  await strict.addCustomer('654321')
  const earn = () => operation(strict.clock, { kind: 'earn', confirmDuplicate: true })
  expect((await strict.send(key, earn(), earn())).status).toBe(200)
  const { status, headers } = await strict.request('POST', '/v1/operations', {
    key,
    json: { operations: [earn()] },
  })
  expect([status, headers.get('retry-after')]).toEqual([429, '1'])
  strict.clock.now += SECOND
  expect((await strict.send(key, earn())).status).toBe(200)
  await strict.drop()
})

test('a malformed operation costs its sender as much as fifty', async () => {
  const strict = await createTestCloud({ operations: { perMinute: 60, burst: 1000 } })
  const { key } = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  await strict.addCustomer('654321')
  const send = (...operations: unknown[]) =>
    strict.request('POST', '/v1/operations', { key, json: { operations } })
  const earn = () => operation(strict.clock, { kind: 'earn', confirmDuplicate: true })
  const { status, body } = await send(...Array.from({ length: 30 }, () => ({ kind: 'earn' })), earn())
  const told = (body as { outcomes: { status: string }[] }).outcomes.map((outcome) => outcome.status)
  expect([status, told.at(0), told.at(-1)]).toEqual([200, 'refused', 'accepted'])
  expect((await send(earn())).status).toBe(429)
  strict.clock.now += 600 * SECOND
  expect((await send(earn())).status).toBe(200)
  await strict.drop()
})

test('of many malformed lists at once only those are gone through that their sender has not lost the right to', async () => {
  const strict = await createTestCloud({ operations: { perMinute: 60, burst: 5000 } })
  const { key } = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  const more = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`unknown${index}`, index]))
  const operations = Array.from({ length: 500 }, () => ({ ...more, kind: 'redeem', id: 'none', points: [] }))
  const send = () => strict.request('POST', '/v1/operations', { key, json: { operations } })
  const replies = await Promise.all(Array.from({ length: 8 }, send))
  const [first, ...others] = replies.toSorted((a, b) => a.status - b.status)
  expect(first?.status).toBe(200)
  expect(others.map(({ status }) => status)).toEqual(Array.from({ length: 7 }, () => 429))
  expect(JSON.stringify(first?.body).match(/"malformed"/g)).toHaveLength(500)
  await strict.drop()
})

test('the latest operations of the store say what was refunded of them', async () => {
  const earn = operation(cloud.clock, { kind: 'earn', card })
  const part = operation(cloud.clock, { kind: 'refund', originalId: earn.id, refundKopecks: 30_000 })
  await cloud.send(key, earn, part)
  const { body } = await cloud.request('GET', '/v1/operations?limit=2', { key })
  expect(body).toMatchObject({
    operations: expect.arrayContaining([
      expect.objectContaining({ id: earn.id, kind: 'earn', earned: 40, refundedKopecks: 30_000, card }),
      expect.objectContaining({ id: part.id, kind: 'refund', earned: -12, referenceId: earn.id }),
    ]),
  })
})

test('the log has one line a request with the operation ids, and never a key', async () => {
  cloud.lines.length = 0
  const earn = operation(cloud.clock, { kind: 'earn', card })
  await cloud.send(key, earn)
  expect(cloud.lines).toHaveLength(1)
  expect(JSON.parse(cloud.lines[0] ?? '')).toMatchObject({ status: 200, operations: 1, ids: [earn.id] })
  expect(cloud.lines[0]).not.toContain(key)
})
