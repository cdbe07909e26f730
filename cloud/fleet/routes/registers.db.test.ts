import { randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { MINUTE, SECOND, toIso } from '../../../shared/time.ts'
import { hashSecret } from '../../access/secrets.ts'
import { createTestCloud, operation, type TestCloud } from '../../testing/cloud.ts'

let cloud: TestCloud
let storeId = 0
let key = ''
beforeAll(async () => {
  cloud = await createTestCloud()
  storeId = await cloud.addStore('Ашукино')
  key = (await cloud.addRegister(storeId, 'Касса 1')).key
})
afterAll(() => cloud.drop())

let card = '100000'
beforeEach(async () => {
  card = String(Number(card) + 1)
  await cloud.addCustomer(card, 500)
})

async function pair(code: string, expiresAt = cloud.clock.now + 15 * MINUTE): Promise<void> {
  await cloud.sql`
    insert into pairing_codes (code_hash, store_id, expires_at)
    values (${hashSecret(code)}, ${storeId}, ${toIso(expiresAt)})`
}

const enrol = (code: string, name = 'Касса 2') =>
  cloud.request('POST', '/v1/enrol', { json: { code, name, version: '1.0.0' } })

test('a pairing code gives a key once, however it was typed, and the key works', async () => {
  await pair('ABCD2345')
  const { status, body } = await enrol('abcd-2345')
  expect(status).toBe(200)
  const enrolled = body as { key: string; register: { id: number } }
  expect(body).toEqual({
    key: expect.stringMatching(/^kop_[\w-]{43}$/),
    register: { id: expect.any(Number), name: 'Касса 2', channel: 'stable' },
    store: { id: storeId, name: 'Ашукино' },
  })
  expect((await cloud.request('GET', '/v1/register', { key: enrolled.key })).status).toBe(200)
  expect(await enrol('ABCD2345')).toMatchObject({
    status: 403,
    body: { error: { code: 'pairing_code_invalid' } },
  })
})

test('a pairing code older than 15 minutes and a wrong one give nothing', async () => {
  await pair('EFGH2345', cloud.clock.now)
  expect((await enrol('EFGH2345')).status).toBe(403)
  expect((await enrol('NOSUCH22')).status).toBe(403)
})

test('two registers that use one code at the same moment: one gets a key', async () => {
  await pair('TWCE2345')
  const replies = await Promise.all([enrol('TWCE2345', 'Касса 3'), enrol('TWCE2345', 'Касса 4')])
  expect(replies.map((reply) => reply.status).sort()).toEqual([200, 403])
})

test('a register that enrols again under its name gets a new key, and the old one ends', async () => {
  await pair('AGA12345')
  await pair('AGA22345')
  const first = (await enrol('AGA12345', 'Касса 5')).body as { key: string; register: { id: number } }
  const second = (await enrol('AGA22345', 'Касса 5')).body as { key: string; register: { id: number } }
  expect(second.register.id).toBe(first.register.id)
  expect(await cloud.request('GET', '/v1/register', { key: first.key })).toMatchObject({
    status: 401,
    body: { error: { code: 'register_revoked' } },
  })
  expect((await cloud.request('GET', '/v1/register', { key: second.key })).status).toBe(200)
})

test('a register whose key was revoked hears so, and whoever has another key does not', async () => {
  const stolen = await cloud.addRegister(storeId, 'Касса 6')
  await cloud.sql`update registers set revoked_at = now() where id = ${stolen.id}`
  for (const path of ['/v1/register', '/v1/customers/changes', '/api/1c/pending-discounts']) {
    expect(await cloud.request('GET', path, { key: stolen.key })).toMatchObject({
      status: 401,
      body: { error: { code: 'register_revoked' } },
    })
    expect(await cloud.request('GET', path, { key: `${stolen.key}x` })).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthorized' } },
    })
  }
})

test('guessing pairing codes soon has to wait', async () => {
  const strict = await createTestCloud({ failedEnrolments: { perMinute: 10, burst: 2 } })
  const guess = () =>
    strict.request('POST', '/v1/enrol', { json: { code: 'WRNG2345', name: 'x', version: '1' } })
  expect([(await guess()).status, (await guess()).status, (await guess()).status]).toEqual([403, 403, 429])
  await strict.drop()
})

test('a register sees who it is, the rules, and the holds it has to settle', async () => {
  const redeem = operation(cloud.clock, { kind: 'redeem', card, points: 100 })
  await cloud.send(key, redeem)
  const { body } = await cloud.request('GET', '/v1/register', { key })
  expect(body).toMatchObject({
    store: { id: storeId, name: 'Ашукино' },
    register: { name: 'Касса 1', channel: 'stable' },
    programme: {
      cashback_basis_points: 400,
      max_discount_basis_points: 2000,
      lifetime_days: 45,
      hold_seconds: 90,
    },
    settingsVersion: 1,
    serverTime: toIso(cloud.clock.now),
    toSettle: [{ id: redeem.id, card, state: 'processing', points: 100, purchaseKopecks: 100_000 }],
    updateChannel: 'stable',
  })
})

test('a heartbeat is kept and answered with the time and the version of the settings', async () => {
  const heartbeat = {
    version: '1.2.3',
    queueDepth: 3,
    oldestQueuedSeconds: 720,
    exchange: 'ok',
    clockOffsetMs: -40,
  }
  const { status, body } = await cloud.request('POST', '/v1/heartbeat', { key, json: heartbeat })
  expect([status, body]).toEqual([200, { serverTime: toIso(cloud.clock.now), settingsVersion: 1 }])
  const [row] = await cloud.sql`select version, heartbeat from registers where key_hash = ${hashSecret(key)}`
  expect(row).toEqual({ version: '1.2.3', heartbeat })
})

test('a heartbeat may say what waits for a person and how the update goes, and a newer one may say more', async () => {
  const heartbeat = {
    ...{ version: '1.2.3', queueDepth: 0, oldestQueuedSeconds: null, exchange: 'ok', clockOffsetMs: null },
    parked: 2,
    update: { state: 'failed', version: '1.4.0', problem: 'failed_starts' },
  }
  const send = (json: unknown) => cloud.request('POST', '/v1/heartbeat', { key, json })
  expect((await send({ ...heartbeat, mood: 'fine' })).status).toBe(200)
  const [row] = await cloud.sql`select heartbeat from registers where key_hash = ${hashSecret(key)}`
  expect(row).toEqual({ heartbeat })
  expect((await send({ ...heartbeat, update: { ...heartbeat.update, state: 'paused' } })).status).toBe(200)
  expect((await send({ ...heartbeat, update: { ...heartbeat.update, version: 'a b' } })).status).toBe(400)
})

const pending = (agentKey = key) => cloud.request('GET', '/api/1c/pending-discounts', { key: agentKey })
const confirm = (id: string, status: string) =>
  cloud.request('POST', '/api/1c/confirm-discount', { key, json: { id, status } })
const available = async () => {
  const { body } = await cloud.request('GET', `/v1/customers?code=${card}`, { key })
  return (body as { customer: { available: number } }).customer.available
}
const askByAgent = async () => {
  const redeem = operation(cloud.clock, { kind: 'redeem', card, points: 150, via: 'agent' })
  const { outcomes } = await cloud.send(key, redeem)
  expect(outcomes[0]).toMatchObject({ hold: { state: 'pending' } })
  return redeem.id
}

test('an old agent gets a discount once, and what it confirms is applied', async () => {
  const id = await askByAgent()
  const [first, second] = await Promise.all([pending(), pending()])
  const handedOut = [first.body, second.body].flat()
  expect(handedOut).toEqual([
    expect.objectContaining({ id, discountAmount: 150, transactionId: id, createdAt: expect.any(String) }),
  ])
  expect(await confirm(id, 'applied')).toMatchObject({ status: 200, body: { success: true } })
  expect(await confirm(id, 'applied')).toMatchObject({ status: 200, body: { success: true } })
  expect(await confirm(id, 'failed')).toMatchObject({
    status: 409,
    body: { error: { code: 'already_resolved' } },
  })
  expect(await available()).toBe(350 + 34)
})

test('a discount that an old agent could not hand over gives the points back', async () => {
  const id = await askByAgent()
  await pending()
  expect(await confirm(id, 'failed')).toMatchObject({ status: 200 })
  expect(await available()).toBe(500)
})

test("an old agent sees no other store's discounts, none that lapsed, and cannot confirm a stranger's", async () => {
  const id = await askByAgent()
  const stranger = await cloud.addRegister(await cloud.addStore('Правда'), 'Агент')
  expect((await pending(stranger.key)).body).toEqual([])
  const foreign = await cloud.request('POST', '/api/1c/confirm-discount', {
    key: stranger.key,
    json: { id, status: 'applied' },
  })
  expect(foreign).toMatchObject({ status: 404, body: { error: { code: 'not_your_operation' } } })
  cloud.clock.now += 91 * SECOND
  expect((await pending()).body).toEqual([])
  expect(await confirm(randomUUIDv7(), 'applied')).toMatchObject({
    status: 404,
    body: { error: { code: 'original_not_found' } },
  })
})

test('what an old agent says of its failure never keeps the points from coming back', async () => {
  const id = await askByAgent()
  await pending()
  const errorMessage = 'Ошибка \0 записи \ud800'.padEnd(5000, '!')
  const json = { id, status: 'failed', errorMessage }
  expect(await cloud.request('POST', '/api/1c/confirm-discount', { key, json })).toMatchObject({
    status: 200,
  })
  expect(await available()).toBe(500)
})

test('a HEAD request claims no discount', async () => {
  const id = await askByAgent()
  const response = await cloud.app.request('/api/1c/pending-discounts', {
    method: 'HEAD',
    headers: { 'x-store-api-key': key },
  })
  expect(response.status).toBe(405)
  expect((await pending()).body).toMatchObject([{ id }])
})

test('text that cannot be stored is refused at the door of a heartbeat', async () => {
  const heartbeat = { version: '1', queueDepth: 0, oldestQueuedSeconds: null, clockOffsetMs: null }
  for (const exchange of ['\0', '\ud800', '', 'x'.repeat(101)]) {
    const { status } = await cloud.request('POST', '/v1/heartbeat', { key, json: { ...heartbeat, exchange } })
    expect(status).toBe(400)
  }
})

test('a register that asks without end is told how long to wait', async () => {
  const strict = await createTestCloud({ requests: { perMinute: 60, burst: 1 } })
  const register = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  const ask = () => strict.request('GET', '/v1/register', { key: register.key })
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 429])
  await strict.drop()
})
