import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { SECOND } from '../../../shared/time.ts'
import { createFakeClock, type FakeClock } from '../exchange/testing.ts'
import { systemClock } from '../time/clock.ts'
import { createCloudClient, type Notice } from './client.ts'
import { AWAY_RETRY_MS, createFakeCloud, createTestLog, earn, type FakeCloud } from './testing.ts'

const key = 'kop_secret'
let clock: FakeClock
let cloud: FakeCloud
let testLog: ReturnType<typeof createTestLog>
beforeEach(() => {
  clock = createFakeClock()
  cloud = createFakeCloud(clock)
  testLog = createTestLog()
})

function clientWith(fetch: typeof globalThis.fetch = cloud.fetch, more: { key?: string | null } = {}) {
  const { log } = testLog
  return createCloudClient({
    url: 'https://cloud.example',
    key,
    fetch,
    clock,
    version: '1.0.0',
    log,
    ...more,
  })
}

const answering =
  (body: string, init?: ResponseInit): typeof globalThis.fetch =>
  async () =>
    new Response(body, init)
const json = (body: unknown, init?: ResponseInit) => answering(JSON.stringify(body), init)
const error = { error: { code: 'not_found', message: 'There is nothing.' } }

describe('a failure is', () => {
  test.each([
    ['offline', 'request lost', {}],
    ['offline', 'reply lost', {}],
    ['unavailable', 'away', { status: 503, code: 'unavailable', retryAfterMs: AWAY_RETRY_MS }],
    ['unauthorised', 'unauthorised', { status: 401 }],
    ['revoked', 'revoked', { status: 401 }],
    ['broken', 'portal', { status: 200 }],
    ['broken', 'half a reply', { status: 200 }],
  ] as const)('%s when the cloud meets: %s', async (failure, fault, more) => {
    cloud.faults = [fault]
    expect(await clientWith().register()).toMatchObject({ ok: false, failure, ...more })
  })

  test.each([
    ['throttled', 429, error],
    ['refused', 404, error],
    ['refused', 400, error],
    ['broken', 404, '<html>'],
    ['broken', 302, ''],
    ['unavailable', 502, '<html>'],
    ['unavailable', 500, '<html>'],
    ['unavailable', 500, error],
    ['internal', 500, { error: { code: 'internal', message: 'Something is wrong.' } }],
    ['unavailable', 503, { error: { code: 'internal', message: 'Something is wrong.' } }],
  ] as const)('%s when the status is %i and the body %j', async (failure, status, body) => {
    const fetch = typeof body === 'string' ? answering(body, { status }) : json(body, { status })
    expect(await clientWith(fetch).register()).toMatchObject({ ok: false, failure, status })
  })

  test('broken when the answer is larger than 16 MiB', async () => {
    const fetch = answering(`"${'x'.repeat(16 * 1024 * 1024)}"`)
    expect(await clientWith(fetch).register()).toMatchObject({ ok: false, failure: 'broken' })
  })
})

test.each([
  ['120', 120 * SECOND],
  ['Sun, 07 Dec 2025 10:00:09 GMT', 9 * SECOND],
  ['Sun, 07 Dec 2025 09:59:00 GMT', 0],
  ['999999', 600 * SECOND],
  ['soon', undefined],
])('Retry-After: %s is a wait of %s ms', async (header, retryAfterMs) => {
  const headers = { 'retry-after': header, date: 'Sun, 07 Dec 2025 10:00:00 GMT' }
  const reply = await clientWith(json(error, { status: 503, headers })).register()
  expect(reply).toMatchObject({ ok: false, failure: 'unavailable' })
  expect(!reply.ok && reply.retryAfterMs).toBe(retryAfterMs)
})

test.each([
  ['the register', 10 * SECOND, 'register'],
  ['a customer, for whom a cashier waits,', 2.5 * SECOND, 'customer'],
] as const)('a question about %s ends after %i ms', async (_what, timeoutMs, route) => {
  cloud.otherwise = 'slow'
  const client = clientWith()
  const asked = route === 'register' ? client.register() : client.customer('654321')
  let isOver = false
  asked.then(() => (isOver = true))
  await clock.advance(timeoutMs - 1)
  expect(isOver).toBe(false)
  await clock.advance(1)
  expect(await asked).toEqual({
    ok: false,
    failure: 'offline',
    message: `no answer within ${timeoutMs} ms`,
  })
})

test('a fetch that does not end when it is told to does not hang who asked', async () => {
  const asked = clientWith(() => new Promise(() => {})).register()
  await clock.advance(10 * SECOND)
  expect(await asked).toMatchObject({ ok: false, failure: 'offline' })
})

test('a single operation that is refused has its outcome, whatever the status', async () => {
  const operation = earn()
  cloud.refused.add(operation.id)
  const reply = await clientWith().operations([operation])
  expect(reply).toMatchObject({ ok: true, value: { outcomes: [{ id: operation.id, status: 'refused' }] } })
})

test('an outcome that cannot be read does not hold up the others', async () => {
  const [first, second] = [earn(), earn()]
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const body = (await (await cloud.fetch(input, init)).json()) as { outcomes: object[] }
    return Response.json({ outcomes: [{ ...body.outcomes[0], status: 'postponed' }, body.outcomes[1]] })
  }
  const reply = await clientWith(fetch).operations([first, second])
  expect(reply.ok && reply.value.outcomes.map(({ id }) => id)).toEqual([second.id])
})

test('an answer that breaks the contract is logged once, until one keeps it again', async () => {
  let body: unknown = { serverTime: 'noon' }
  const client = clientWith((input, init) => json(body)(input, init))
  const ask = () =>
    client.heartbeat({ queueDepth: 0, oldestQueuedSeconds: null, exchange: 'ok', clockOffsetMs: 0 })
  const logged = () =>
    testLog.lines().filter(({ msg }) => msg === 'the answer of the cloud is not of the contract')
  await ask()
  expect(await ask()).toMatchObject({ ok: false, failure: 'broken' })
  expect(logged()).toHaveLength(1)
  body = { serverTime: '2025-12-07T10:00:00.000Z', settingsVersion: 1 }
  expect(await ask()).toMatchObject({ ok: true })
  body = {}
  await ask()
  expect(logged()).toHaveLength(2)
})

test('every request carries the key, and none before the register is enrolled', async () => {
  await clientWith().register()
  await clientWith(cloud.fetch, { key: null }).enrol({ code: 'ABCD2345', name: 'Касса 1' })
  const [asked, enrolled] = cloud.requests
  expect(asked?.headers.get('authorization')).toBe(`Bearer ${key}`)
  expect(enrolled?.headers.get('authorization')).toBe(null)
  expect(enrolled?.sent).toEqual({ code: 'ABCD2345', name: 'Касса 1', version: '1.0.0' })
})

test('a damaged key is not sent, and is in no message and no log', async () => {
  const damaged = 'kop_\nsecret'
  const reply = await clientWith(globalThis.fetch.bind(null), { key: damaged }).register(AbortSignal.abort())
  await clientWith(cloud.fetch, { key: damaged }).register()
  expect(cloud.requests[0]?.headers.has('authorization')).toBe(false)
  expect(JSON.stringify(reply) + testLog.text()).not.toContain('secret')
})

test('the offset of the clock is measured by answers of the cloud, and by nobody else', async () => {
  cloud.aheadMs = 90 * SECOND
  const client = clientWith()
  const notices: Notice[] = []
  const stopListening = client.onReply((notice) => notices.push(notice))
  await client.register()
  cloud.faults = ['away', 'portal', 'request lost']
  for (const _ of cloud.faults.slice()) await client.register()
  expect(notices.map(({ measurement }) => measurement)).toEqual([
    { offsetMs: 90 * SECOND, errorMs: 1 },
    { offsetMs: 90 * SECOND + 500, errorMs: 501 },
    null,
    null,
  ])
  stopListening()
  await client.register()
  expect(notices).toHaveLength(4)
})

test('a redirect is not followed, so that the key does not travel', async () => {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(request.url ?? '')
    response.writeHead(302, { location: '/elsewhere' }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop`
  const options = { url, key, fetch, clock: systemClock, version: '1.0.0', log: testLog.log }
  const reply = await createCloudClient(options).register()
  server.close()
  expect(reply).toMatchObject({ ok: false, failure: 'offline', message: expect.stringContaining('redirect') })
  expect(paths).toEqual(['/shop/v1/register'])
})
