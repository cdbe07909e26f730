import { randomUUIDv7 } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toIso } from '../../shared/time.ts'
import { signInAs } from '../console/testing.ts'
import { signInitData } from '../demo/initData.ts'
import { createTestCloud, operation, type TestCloud, testBotToken } from '../testing/cloud.ts'

let cloud: TestCloud
let key: string
let owner: Awaited<ReturnType<typeof signInAs>>
beforeAll(async () => {
  cloud = await createTestCloud()
  key = (await cloud.addRegister(await cloud.addStore('Ашукино'), 'Касса 1')).key
  await cloud.addCustomer('654321', 500)
  owner = await signInAs(cloud, { name: 'olga', roles: ['owner'] })
})
afterAll(() => cloud.drop())

const KIB = 1024

type Body = string | ReadableStream<Uint8Array>

/** Of whoever may come in: a register, an old agent, a person or one of the staff, as a route wants them. */
function headersFor(path: string) {
  const person = { id: 77, first_name: 'Анна' }
  const initData = signInitData(person, { token: testBotToken, now: cloud.clock.now })
  return {
    'content-type': 'application/json',
    'x-store-api-key': key,
    'x-app-session': 'one',
    cookie: `kopilka_staff=${owner.token}`,
    'x-csrf-token': owner.csrf,
    'idempotency-key': randomUUIDv7(),
    authorization: path.startsWith('/v1/me') ? `tma ${initData}` : `Bearer ${key}`,
  }
}

const ask = (path: string, { method, body }: { method: string; body: string }) =>
  cloud.app.request(path, { method, headers: headersFor(path), body })

/** A sound body of every route that takes one. */
const bodies = (): [route: string, body: unknown][] => {
  const { clock } = cloud
  const id = randomUUIDv7()
  return [
    ['post /v1/enrol', { code: 'ABCD2345', name: 'Касса 2', version: '1.0.0' }],
    [
      'post /v1/heartbeat',
      {
        ...{ version: '1.0.0', queueDepth: 0, oldestQueuedSeconds: null, exchange: 'ok', clockOffsetMs: 0 },
        errors: [{ at: toIso(clock.now), text: 'EBUSY' }],
        update: { state: 'none', version: '1.0.0', problem: 'offline' },
      },
    ],
    ['post /v1/operations', { operations: [operation(clock, { kind: 'earn', receipt: 'A-1' })] }],
    [
      'post /v1/operations',
      { operations: [operation(clock, { kind: 'redeem', receipt: 'A-2', code: 'K1' })] },
    ],
    ['post /v1/operations', { operations: [operation(clock, { kind: 'release' })] }],
    ['post /v1/operations', { operations: [operation(clock, { kind: 'apply' })] }],
    ['post /v1/operations', { operations: [operation(clock, { kind: 'refund' })] }],
    [
      'post /v1/parked',
      {
        ...{ id, kind: 'earn', at: toIso(clock.now), card: '654321', purchaseKopecks: 100, points: null },
        ...{ code: 'clock_out_of_range', message: 'The time is out of range.' },
      },
    ],
    ['post /v1/diagnostics', { at: toIso(clock.now), log: ['a line', { of: 'a log' }] }],
    ['post /api/1c/confirm-discount', { id, status: 'failed', errorMessage: 'занято' }],
    [
      'post /v1/console/acts/customer.adjust',
      { card: '654321', points: '-1', reason: 'ошибка', id: randomUUIDv7() },
    ],
    ['post /v1/console/segments/preview', { definition: { type: 'consent' } }],
    ['post /v1/console/book-trial', { document: { base: { lifetime_days: 60 } }, follows: 1, days: 30 }],
    ['post /v1/console/vouchers/code', { code: 'ABCDEFGHJK' }],
    ['post /v1/me', { consentVersion: '1', language: 'ru' }],
    ['patch /v1/me', { language: 'en', notify: { purchases: true } }],
  ]
}

/** The same value with one of its texts, or one of its names, replaced; each in turn. */
function* spoilt(value: unknown, by: string): Generator<unknown> {
  if (typeof value === 'string') yield by
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) for (const one of spoilt(item, by)) yield value.with(at, one)
    return
  }
  for (const [name, item] of Object.entries(value)) {
    for (const one of spoilt(item, by)) yield { ...value, [name]: one }
    yield { ...value, [`${name}${by}`]: item }
  }
}

describe('what is sent to the cloud', () => {
  it('has a sound body here for every route that takes one', async () => {
    const document = (await (await cloud.app.request('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { requestBody?: object }>>
    }
    const taking = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, { requestBody }]) =>
        requestBody ? [`${method} ${path}`] : [],
      ),
    )
    const sound = bodies().map(([route]) => route.replace('customer.adjust', '{name}'))
    expect(new Set(sound)).toEqual(new Set(taking))
  })

  it.each([
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\ud83d'],
    ['the other half', '\ude00b'],
    ['a control character', '\x1b[2J'],
    ['more than anybody writes', 'я'.repeat(3000)],
    ['no text at all', ''],
  ])('is nowhere a fault of the server: %s', async (_what, text) => {
    await cloud.sql`update registers set diagnostics_asked_at = now()`
    for (const [route, body] of bodies()) {
      const [method = '', path = ''] = route.split(' ')
      for (const one of spoilt(body, text)) {
        const json = JSON.stringify(one)
        const { status } = await ask(path, { method: method.toUpperCase(), body: json })
        expect(status, `${route} ${json.slice(0, 200)}`).toBeLessThan(500)
      }
    }
  })

  it.each([
    ['arrays', '['.repeat(4000)],
    ['arrays that end', `${'['.repeat(4000)}${']'.repeat(4000)}`],
    ['objects', `{"a":${'{"a":'.repeat(1300)}`],
    ['objects in a field', `{"a":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}}`],
  ])('is nowhere nested without end: %s', async (_what, body) => {
    await cloud.sql`update registers set diagnostics_asked_at = now()`
    for (const [route] of bodies()) {
      const [method = '', path = ''] = route.split(' ')
      expect((await ask(path, { method: method.toUpperCase(), body })).status, route).toBe(400)
    }
  })

  it('may have brackets in its texts', async () => {
    const earn = operation(cloud.clock, { kind: 'earn', receipt: '"[['.repeat(60), purchaseKopecks: 777 })
    expect((await cloud.send(key, earn)).status).toBe(200)
  })

  it.each(['/updates/stable/%00', '/%00', '/fleet/registers/%00', '/fleet/assets/%00', '/app/assets/%00'])(
    'is nothing at %s',
    async (path) => {
      for (const method of ['GET', 'POST', 'HEAD'])
        expect([400, 404], method).toContain((await cloud.app.request(path, { method })).status)
    },
  )

  it.each([
    '/%',
    '/%zz',
    '/%ff',
    '/updates/stable/%c3%28',
    '/v1/customers?code=%',
    '/fleet?version=%ed%a0%80',
  ])('is not read where the address cannot be: %s', async (path) => {
    expect((await cloud.app.request(path)).status).toBe(400)
  })

  it.each(['%00', '%1b', 'x'.repeat(9000), '-1', '1e999', ''])('is no fault in a query: %s', async (text) => {
    for (const query of [
      '/v1/customers?code',
      '/v1/customers/changes?since',
      '/v1/customers/changes?limit',
      '/v1/operations?limit',
      '/v1/me/history?before',
    ]) {
      const { status } = await cloud.app.request(`${query}=${text}`, { headers: headersFor(query) })
      expect(status, query).toBeLessThan(500)
    }
    expect((await cloud.app.request(`/fleet?store=${text}&version=${text}`)).status).toBe(303)
  })

  it('is answered with what is wrong, and not with itself', async () => {
    const made = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`name${n}${'x'.repeat(10)}`, 1]))
    const heartbeat = await cloud.request('POST', '/v1/heartbeat', { key, json: made })
    expect(heartbeat.status).toBe(400)
    expect(JSON.stringify(heartbeat.body).length).toBeLessThan(1000)

    const long = { ['я'.repeat(300_000)]: 1, kind: 'apply' }
    const { body } = await cloud.request('POST', '/v1/operations', { key, json: { operations: [long] } })
    expect(JSON.stringify(body).length).toBeLessThan(1500)
    const earn = { ...operation(cloud.clock, { kind: 'earn' }), '\u202ename': 1, other: 2 }
    const refused = await cloud.request('POST', '/v1/operations', { key, json: { operations: [earn] } })
    expect(refused.body).toMatchObject({
      error: { details: { fields: [{ problem: 'The contract has no field "�name" and 1 more' }] } },
    })
  })

  it('leaves a line in the log that is short and cannot play with a terminal', async () => {
    await cloud.app.request(`/${'x'.repeat(9000)}`)
    expect(cloud.lines.at(-1)?.length).toBeLessThan(400)
    await cloud.app.request('/%c2%9b2J%7f%e2%80%ae')
    expect(cloud.lines.at(-1)).toMatch(/^[\x20-\x7e]+\n$/)
    expect(JSON.parse(cloud.lines.at(-1) ?? '')).toMatchObject({ path: '/\x9b2J\x7f\u202e', status: 404 })
  })
})

describe('a body', () => {
  /** One without a declared length, of so many bytes; says how many somebody has read. */
  function streamed(bytes: number) {
    const read = { bytes: 0 }
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (read.bytes >= bytes) return controller.close()
          const chunk = new Uint8Array(Math.min(KIB, bytes - read.bytes)).fill(32)
          read.bytes += chunk.length
          controller.enqueue(chunk)
        },
      },
      { highWaterMark: 0 },
    )
    return { body, read }
  }

  const post = (path: string, body: Body, headers: Record<string, string> = {}) =>
    cloud.app.request(path, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-type': 'application/json', ...headers },
    } as RequestInit)

  it.each([
    ['/v1/enrol', 8],
    ['/v1/heartbeat', 16],
    ['/v1/parked', 8],
    ['/api/1c/confirm-discount', 64],
    ['/v1/diagnostics', 256],
    ['/v1/operations', 1024],
    ['/no/such/route', 8],
  ])('of %s may have %i KiB', async (path, most) => {
    const headers = { authorization: `Bearer ${key}`, 'x-store-api-key': key }
    const declared = (bytes: number) =>
      post(path, ' '.repeat(bytes), { ...headers, 'content-length': String(bytes) })
    expect((await declared(most * KIB)).status).toBe(path === '/no/such/route' ? 404 : 400)
    const refused = await declared(most * KIB + 1)
    expect([refused.status, await refused.json()]).toMatchObject([413, { error: { code: 'too_large' } }])

    if (path === '/no/such/route') return
    const { body, read } = streamed(4 * KIB * KIB)
    expect((await post(path, body, headers)).status).toBe(413)
    expect(read.bytes).toBeLessThanOrEqual((most + 1) * KIB)
  })

  it.each([
    '/v1/heartbeat',
    '/v1/operations',
    '/v1/parked',
    '/v1/diagnostics',
    '/api/1c/confirm-discount',
    '/v1/me',
    '/no/such/route',
  ])('of %s is not read before it is known who asks', async (path) => {
    const { body, read } = streamed(KIB)
    expect((await post(path, body)).status).toBe(path === '/no/such/route' ? 404 : 401)
    expect(read.bytes).toBe(0)
  })

  it('of a register that sends too much is not read', async () => {
    const limit = { perMinute: 60, burst: 1 }
    const strict = await createTestCloud({ requests: limit, operations: limit })
    const register = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
    const headers = { authorization: `Bearer ${register.key}`, 'content-type': 'application/json' }
    for (const path of ['/v1/heartbeat', '/v1/operations']) {
      const send = (body: Body) =>
        strict.app.request(path, { method: 'POST', headers, body, duplex: 'half' } as RequestInit)
      expect((await send('{}')).status).toBe(400)
      const { body, read } = streamed(KIB)
      expect((await send(body)).status).toBe(429)
      expect(read.bytes).toBe(0)
    }
    await strict.drop()
  })
})

describe('somebody without a key', () => {
  it.each([
    ['a wrong code', { code: 'WRNG2345', name: 'x', version: '1' }, 403],
    ['something malformed', { code: 1 }, 400],
  ])('soon waits with %s, before it is read', async (_what, json, status) => {
    const strict = await createTestCloud({ failedEnrolments: { perMinute: 10, burst: 2 } })
    const send = () => strict.request('POST', '/v1/enrol', { json })
    const replies = [await send(), await send(), await send()]
    expect(replies.map((reply) => reply.status)).toEqual([status, status, 429])
    expect(replies[2]?.headers.get('retry-after')).toBe('6')
    await strict.drop()
  })

  it('soon waits with unknown keys, and never keeps a register of the same network waiting', async () => {
    const strict = await createTestCloud({ strangers: { perMinute: 60, burst: 2 } })
    const register = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
    const statusOf = async (tried?: string) =>
      (await strict.request('GET', '/v1/register', tried ? { key: tried } : {})).status
    expect([await statusOf('kop_x'), await statusOf(), await statusOf('kop_y')]).toEqual([401, 401, 429])
    expect(await statusOf(register.key)).toBe(200)
    strict.clock.now += 1000
    expect(await statusOf('kop_x')).toBe(401)
    await strict.drop()
  })
})

it.each(['/health', '/fleet/login', '/app'])(
  'leaves the subdomains of %s to who set them up',
  async (path) => {
    const { headers } = await cloud.app.request(path)
    expect(headers.get('strict-transport-security')).toBe('max-age=15552000')
  },
)

describe('the address of the cloud itself', () => {
  const root = (accept?: string) => cloud.app.request('/', { headers: accept ? { accept } : {} })

  it('shows a person what this is and where to go on', async () => {
    const reply = await root('text/html,application/xhtml+xml,*/*;q=0.8')
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8'])
    const page = await reply.text()
    expect(page).toContain('Kopilka')
    for (const path of ['/console', '/fleet', '/docs', '/health']) {
      expect(page).toContain(`href="${path}"`)
      expect((await cloud.app.request(path)).status).toBeLessThan(400)
    }
  })

  it.each([undefined, '*/*', 'application/json'])('says it to a program that accepts %s', async (accept) => {
    const reply = await root(accept)
    expect(reply.headers.get('vary')).toBe('accept')
    expect(await reply.json()).toEqual({
      name: 'Kopilka',
      chain: 'Копилка',
      links: { console: '/console', fleet: '/fleet', docs: '/docs', health: '/health' },
    })
  })
})
