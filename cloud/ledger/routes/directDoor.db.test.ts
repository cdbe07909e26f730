import { request as ask } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { performWithin } from '../../acts/act.ts'
import { revokeKey } from '../../acts/registers.ts'
import { byAdmin } from '../../acts/testing.ts'
import { type Listening, listen } from '../../listen.ts'
import { createTestCloud, operation, type TestCloud } from '../../testing/cloud.ts'

// The direct door answers what the usual way would have answered: both are asked the same.

const CARD = '654321'

let cloud: TestCloud
let server: Listening
let usualWays = 0
let register: { id: number; key: string }
beforeAll(async () => {
  cloud = await createTestCloud({ operations: { perMinute: 60, burst: 200 } })
  await cloud.addCustomer(CARD, 5000)
  const fetch: typeof cloud.app.fetch = (...asked) => {
    usualWays += 1
    return cloud.app.fetch(...asked)
  }
  server = await listen(fetch, { host: '127.0.0.1', port: 0 }, await cloud.openDirectDoor())
})
afterAll(async () => {
  await server.close()
  await cloud.drop()
})

let stores = 0
beforeEach(async () => {
  register = await cloud.addRegister(await cloud.addStore(`Магазин ${++stores}`), 'Касса 1')
  // It comes in for the first time.
  expect((await cloud.send(register.key, sale())).status).toBe(200)
  usualWays = 0
})

let purchases = 0
const sale = (changes: object = {}) =>
  operation(cloud.clock, {
    kind: 'earn',
    card: CARD,
    purchaseKopecks: 10_000 + ++purchases * 100,
    ...changes,
  })
const redemption = (points: number) =>
  operation(cloud.clock, { kind: 'redeem', card: CARD, purchaseKopecks: 10_000 + ++purchases * 100, points })
const bodyOf = (...operations: unknown[]) => JSON.stringify({ operations })

interface Answer {
  status: number | undefined
  headers: Record<string, unknown>
  body: unknown
}

/** Of the connection and not of the answer. */
const OF_TRANSPORT = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])
const told = (headers: Iterable<[string, unknown]>) =>
  Object.fromEntries([...headers].filter(([name]) => !OF_TRANSPORT.has(name)))

async function byDoor(body: string, changes: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const asked = ask(
    new URL('/v1/operations', server.url),
    { method: 'POST', headers: headersOf(changes) },
    (reply) => {
      text(reply).then((body) => {
        resolve({
          status: reply.statusCode,
          headers: told(Object.entries(reply.headers)),
          body: JSON.parse(body),
        })
      }, reject)
    },
  )
  asked.once('error', reject)
  asked.end(body)
  return await promise
}

async function byApp(body: string, changes: Record<string, string> = {}): Promise<Answer> {
  const headers = { ...headersOf(changes), 'content-length': String(Buffer.byteLength(body)) }
  const reply = await cloud.app.request('/v1/operations', { method: 'POST', headers, body })
  return { status: reply.status, headers: told(reply.headers), body: await reply.json() }
}

const headersOf = (changes: Record<string, string>) => ({
  'content-type': 'application/json',
  authorization: `Bearer ${register.key}`,
  ...changes,
})

describe('comes in by the direct door', () => {
  const plain: [string, () => unknown[], number][] = [
    ['a sale', () => [sale()], 200],
    ['some sales', () => [sale(), sale(), redemption(1)], 200],
    ['a refusal', () => [redemption(1_000_000)], 422],
    ['a conflict', () => [sale({ id: fixedId() })], 409],
    ['what nobody has', () => [operation(cloud.clock, { kind: 'apply' })], 404],
  ]
  let taken = ''
  const fixedId = () => taken
  test.each(plain)('%s', async (_, make, status) => {
    const first = sale()
    taken = first.id
    await cloud.send(register.key, first)
    const body = bodyOf(...make())
    const direct = await byDoor(body)
    expect(usualWays).toBe(0)
    expect(direct.status).toBe(status)
    // Asked again, it is told again: but for that, word for word.
    const unreplayed = (answer: Answer) =>
      JSON.parse(JSON.stringify(answer).replaceAll('"replay":true', '"replay":false'))
    expect(unreplayed(await byApp(body))).toEqual(direct)
  })

  test('and the log has one line of it, as of any other', async () => {
    const one = sale()
    cloud.lines.length = 0
    await byDoor(bodyOf(one))
    expect(cloud.lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        method: 'POST',
        path: '/v1/operations',
        status: 200,
        register: register.id,
        operations: 1,
        ids: [one.id],
      },
    ])
  })
})

describe('goes the usual way', () => {
  const unusual: [string, () => string, Record<string, string>, number][] = [
    ['a list as of a night', () => bodyOf(...Array.from({ length: 11 }, () => sale())), {}, 200],
    ['one malformed operation', () => bodyOf({ kind: 'earn' }), {}, 422],
    ['one malformed operation of two', () => bodyOf({ kind: 'earn' }, { kind: 'earn' }), {}, 200],
    ['no operation', () => bodyOf(), {}, 400],
    ['what is no JSON', () => '{"operations": [', {}, 400],
    ['what is nested too deep', () => `{"operations": [${'['.repeat(40)}${']'.repeat(40)}]}`, {}, 400],
    ['another type', () => bodyOf(sale()), { 'content-type': 'text/plain' }, 415],
    ['an unknown key', () => bodyOf(sale()), { authorization: 'Bearer kop_unknown' }, 401],
    ['no key', () => bodyOf(sale()), { authorization: '' }, 401],
    ['another scheme', () => bodyOf(sale()), { authorization: 'Basic YTpi' }, 401],
  ]
  test.each(unusual)('%s', async (_, make, changes, status) => {
    const body = make()
    const answer = await byDoor(body, changes)
    expect(usualWays).toBe(1)
    expect(answer.status).toBe(status)
    const again = JSON.parse(
      JSON.stringify(await byApp(body, changes)).replaceAll('"replay":true', '"replay":false'),
    )
    expect(again).toEqual(answer)
  })

  test('a register that owes', async () => {
    await cloud.send(register.key, ...Array.from({ length: 199 }, () => sale()))
    usualWays = 0
    const late = sale()
    const answer = await byDoor(bodyOf(late))
    expect(usualWays).toBe(1)
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) } })
    expect(await cloud.sql`select from operations where id = ${late.id}`).toHaveLength(0)
  })

  test('a key that has ended since', async () => {
    await cloud.sql.begin((sql) =>
      performWithin(sql, revokeKey, { register: register.id }, byAdmin(cloud.sql)),
    )
    const late = sale()
    expect(await byDoor(bodyOf(late))).toMatchObject({
      status: 401,
      body: { error: { code: 'register_revoked' } },
    })
    expect(usualWays).toBe(1)
    expect(await cloud.sql`select from operations where id = ${late.id}`).toHaveLength(0)
  })
})

test('who guesses cards by operations pays for those that nobody has, at both doors, and is noticed', async () => {
  const guess = () => bodyOf(sale({ card: '000001' }))
  const answers = [await byDoor(guess()), await byApp(guess()), await byDoor(guess())]
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
  // 200 at the most, less one for the first sale, and 51 for each guess.
  const rest = Array.from({ length: 46 }, () => sale())
  expect((await byApp(bodyOf(...rest))).status).toBe(200)
  expect((await byDoor(bodyOf(sale()))).status).toBe(429)
  await cloud.lookups.save()
  expect(await cloud.sql`select missed from lookup_counts where register_id = ${register.id}`).toEqual([
    { missed: 1 },
  ])
})

test('a sender that goes away in the middle of a sale leaves nothing behind, and the door stands open', async () => {
  const asked = ask(new URL('/v1/operations', server.url), {
    method: 'POST',
    headers: { ...headersOf({}), 'content-length': '100' },
  })
  const gone = new Promise((resolve) => asked.once('close', resolve))
  asked.once('error', () => {})
  asked.write('{"operations"', () => asked.destroy())
  await gone
  expect((await byDoor(bodyOf(sale()))).status).toBe(200)
  expect(usualWays).toBe(0)
})
