import { randomUUIDv7 } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consentVersion } from '../../shared/consent.ts'
import type { Operation, Outcome } from '../../shared/operation.ts'
import { toIso } from '../../shared/time.ts'
import { newPairingCode } from '../access/registers/keys.ts'
import { hashSecret } from '../access/secrets.ts'
import { perform } from '../acts/act.ts'
import { addProgramme } from '../acts/programmes.ts'
import { byAdmin } from '../acts/testing.ts'
import { addVouchers, exportVouchers } from '../acts/vouchers.ts'
import { signInitData } from '../demo/initData.ts'
import { runAudit } from '../ledger/audit.ts'
import { FIRST_PROGRAMME } from '../ledger/programme.ts'
import { createTestCloud, operation, type TestCloud, testBotToken } from '../testing/cloud.ts'

// Two programmes in one database. A register and a person of one ask every route for what is of the other, and are told
// what they would be told of something that does not exist.

let cloud: TestCloud
let ours: Shop
let theirs: Shop
beforeAll(async () => {
  cloud = await createTestCloud()
  const { programmeId } = await perform(
    addProgramme,
    { merchant: 'Сосед', name: 'Сосед' },
    byAdmin(cloud.sql, cloud.clock.now),
  )
  ours = await openShop(FIRST_PROGRAMME, 'Наш', '100')
  theirs = await openShop(programmeId, 'Чужой', '200')
  // What waits for an agent is handed out once.
  await cloud.request('GET', '/api/1c/pending-discounts', { key: ours.key })
  await asPerson('POST', '/v1/me', { consentVersion, language: 'ru' })
})
afterAll(async () => {
  expect(await runAudit(cloud.sql)).toEqual([])
  await cloud.drop()
})

interface Shop {
  programmeId: number
  key: string
  registerName: string
  /** With points; frozen; erased. */
  cards: string[]
  pairingCode: string
  /** A code of it. */
  voucher: string
  /** Everything that was executed here. */
  ids: string[]
  /** What no other programme may read. */
  secrets: string[]
}

/** A store with a register, customers and operations in every state. */
async function openShop(programmeId: number, word: string, digits: string): Promise<Shop> {
  const { sql, clock } = cloud
  const names = { store: `${word} магазин`, register: `${word}ая касса`, receipt: `${word}-чек` }
  const [store] = await sql<{ id: number }[]>`
    insert into stores (programme_id, name) values (${programmeId}, ${names.store}) returning id`
  const storeId = store?.id ?? 0
  const { key } = await cloud.addRegister(storeId, names.register)
  const cards = ['001', '002', '003'].map((end) => `${digits}${end}`)
  const people = cards.map((_, index) => `${word} человек ${index}`)
  for (const [index, card] of cards.entries()) {
    await sql`
      insert into customers (programme_id, card, first_name) values (${programmeId}, ${card}, ${people[index] ?? ''})`
    await cloud.give(card, 5000)
  }
  const pairingCode = newPairingCode()
  await sql`
    insert into pairing_codes (code_hash, store_id, expires_at)
    values (${hashSecret(pairingCode)}, ${storeId}, now() + interval '1 day')`

  const [card = ''] = cards
  const sale = (kopecks: number) => ({ card, purchaseKopecks: kopecks, receipt: names.receipt })
  const earned = operation(clock, { kind: 'earn', ...sale(111_100) })
  const redeemed = [1, 2, 3, 4].map((n) =>
    operation(clock, { kind: 'redeem', ...sale(100_000 + n), points: 7, ...(n === 1 && { via: 'agent' }) }),
  )
  const [, taken = '', given = ''] = redeemed.map(({ id }) => id)
  const done: Operation[] = [
    earned,
    ...redeemed,
    operation(clock, { kind: 'apply', redeemId: taken }),
    operation(clock, { kind: 'release', redeemId: given }),
    operation(clock, { kind: 'refund', originalId: earned.id, refundKopecks: 100 }),
  ]
  const { outcomes } = await cloud.send(key, ...done)
  expect(outcomes.map(({ status }) => status)).toEqual(done.map(() => 'accepted'))
  const { batchId } = await perform(
    addVouchers,
    {
      batch: {
        title: `${word} купон`,
        gives: { type: 'discount_kopecks', kopecks: 10_000 },
        audience: { type: 'bearer', codes: 1 },
      },
      programme: String(programmeId),
    },
    byAdmin(sql, clock.now),
  )
  const { codes } = await perform(exportVouchers, { batch: batchId }, byAdmin(sql, clock.now))
  await sql`update customers set status = 'frozen' where card = ${cards[1] ?? ''}`
  await sql`update customers set status = 'erased', first_name = null where card = ${cards[2] ?? ''}`
  const ids = done.map(({ id }) => id)
  return {
    ...{ programmeId, key, registerName: names.register, cards, pairingCode, ids },
    voucher: codes[0]?.code ?? '',
    secrets: [`${word} купон`, ...Object.values(names), ...people, ...cards, ...ids],
  }
}

interface Asked {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  json?: unknown
}

/** What a request may name. */
interface Named {
  card: string
  /** Of an operation or a hold. */
  id: string
  voucher: string
}

const someone = { id: 77, first_name: 'Анна' }

async function asPerson(method: string, path: string, json?: unknown) {
  const initData = signInitData(someone, { token: testBotToken, now: cloud.clock.now })
  const headers = {
    'content-type': 'application/json',
    'x-app-session': 'one',
    authorization: `tma ${initData}`,
  }
  const body = json === undefined ? {} : { body: JSON.stringify(json) }
  const response = await cloud.app.request(path, { method, headers, ...body })
  return { status: response.status, body: await response.json() }
}

async function ask({ method, path, json }: Asked): Promise<{ status: number; body: unknown }> {
  if (path.startsWith('/v1/me')) return await asPerson(method, path, json)
  const { status, body } = await cloud.request(method, path, { key: ours.key, json })
  return { status, body }
}

const get = (path: string): Asked => ({ method: 'GET', path })
const post = (path: string, json: unknown): Asked => ({ method: 'POST', path, json })

/** Every operation that can name something, each in a request of its own, and all of them in one. */
function operations({ card, id, voucher }: Named): Asked[] {
  const { clock } = cloud
  const { code } = cloud.codes.sign({ card, now: clock.now })
  const kopecks = 1 + Math.floor(Math.random() * 1_000_000)
  const all: Operation[] = [
    operation(clock, { kind: 'earn', card, purchaseKopecks: kopecks }),
    operation(clock, { kind: 'redeem', card, purchaseKopecks: kopecks + 100 }),
    operation(clock, { kind: 'redeem', card, purchaseKopecks: kopecks + 200, via: 'agent' }),
    operation(clock, { kind: 'redeem', card, purchaseKopecks: kopecks + 300, code }),
    operation(clock, { kind: 'redeem', card, purchaseKopecks: kopecks + 400, voucher }),
    operation(clock, { kind: 'apply', redeemId: id }),
    operation(clock, { kind: 'release', redeemId: id }),
    operation(clock, { kind: 'refund', originalId: id }),
    operation(clock, { kind: 'refund', originalId: id, refundKopecks: 1 }),
  ]
  return [all, ...all.map((one) => [one])].map((operations) => post('/v1/operations', { operations }))
}

/** For every route what a stranger may ask of it. A new route has to find its place here, or below. */
const routes: Record<string, (named: Named) => Asked[]> = {
  'GET /v1/register': () => [get('/v1/register')],
  'GET /v1/register/joins': () => [get('/v1/register/joins')],
  'POST /v1/heartbeat': () => [
    post('/v1/heartbeat', {
      ...{
        version: '1',
        queueDepth: 0,
        oldestQueuedSeconds: null,
        exchange: 'ok',
        clockOffsetMs: 0,
        errors: [],
      },
    }),
  ],
  'GET /v1/customers': ({ card }) => [
    get(`/v1/customers?code=${card}`),
    get(`/v1/customers?code=99${card}`),
    get(`/v1/customers?code=${encodeURIComponent(cloud.codes.sign({ card, now: cloud.clock.now }).code)}`),
  ],
  'GET /v1/customers/changes': () => [get('/v1/customers/changes'), get('/v1/customers/changes?limit=1')],
  'POST /v1/operations': operations,
  'GET /v1/vouchers': ({ card, voucher }) => [
    get(`/v1/vouchers?code=${voucher}`),
    get(`/v1/vouchers?code=${voucher}&card=${card}`),
  ],
  'GET /v1/operations': () => [get('/v1/operations?limit=100')],
  'GET /v1/purchases': ({ card }) => [
    get('/v1/purchases'),
    get(`/v1/purchases?card=${card}`),
    // What every receipt of the chain may end with.
    get('/v1/purchases?receipt=1'),
    get(`/v1/purchases?receipt=${encodeURIComponent('чек')}`),
  ],
  'POST /v1/parked': ({ card, id }) => [
    post('/v1/parked', {
      ...{
        id: id.replace(/^0/, '1'),
        kind: 'earn',
        at: toIso(cloud.clock.now),
        card,
        purchaseKopecks: 100,
        points: null,
      },
      ...{ code: 'clock_out_of_range', message: 'The time is out of range.' },
    }),
  ],
  'POST /v1/diagnostics': ({ id }) => [post('/v1/diagnostics', { at: toIso(cloud.clock.now), log: [id] })],
  'GET /api/1c/pending-discounts': () => [get('/api/1c/pending-discounts')],
  'POST /api/1c/confirm-discount': ({ id }) => [
    post('/api/1c/confirm-discount', { id, status: 'applied' }),
    post('/api/1c/confirm-discount', { id, status: 'failed', errorMessage: 'занято' }),
  ],
  'GET /v1/me': () => [get('/v1/me')],
  'POST /v1/me': () => [post('/v1/me', { consentVersion, language: 'ru' })],
  'PATCH /v1/me': () => [{ method: 'PATCH', path: '/v1/me', json: { language: 'ru' } }],
  'GET /v1/me/code': () => [],
  'GET /v1/me/history': ({ id }) => [
    get('/v1/me/history'),
    get(`/v1/me/history?before=${cloud.clock.now}_${id}`),
  ],
  'GET /v1/me/expiry': () => [get('/v1/me/expiry')],
  'GET /v1/me/referral': () => [get('/v1/me/referral')],
  'GET /v1/me/vouchers': () => [get('/v1/me/vouchers')],
}

/**
 * Of nobody's programme: what the house shows of itself, and what IT sees, which looks after all registers. What the staff
 * may see of which programme has a test of its own, for every act and every role.
 */
const ofTheHouse = [
  ...[
    'GET /',
    'GET /health',
    'GET /ready',
    'GET /docs',
    'GET /openapi.json',
    'GET /assets/style.css',
    'GET /assets/icon.svg',
  ],
  /^GET \/updates\//,
  /^(GET|POST) \/fleet(\/|$)/,
  /^(GET|POST|DELETE) (\/v1)?\/console(\/|$)/,
  // Tested below: a pairing code says whose register somebody becomes; who is erased is gone.
  ...['POST /v1/enrol', 'DELETE /v1/me'],
]

const isOfTheHouse = (route: string) =>
  ofTheHouse.some((known) => (typeof known === 'string' ? known === route : known.test(route)))

/** Everything there is of a programme, row by row. */
async function contentsOf({ programmeId, cards }: Shop): Promise<Record<string, unknown>> {
  const { sql } = cloud
  const contents: Record<string, unknown> = {}
  for (const table of ['stores', 'customers', 'rule_books', 'operations', 'holds', 'store_customers'])
    contents[table] = await sql`
      select row::text from ${sql(table)} as row where row.programme_id = ${programmeId} order by 1`
  contents.programmes = await sql`select row::text from programmes as row where row.id = ${programmeId}`
  for (const table of [
    'entries',
    'lots',
    'people',
    'consents',
    'notifications',
    'customer_facts',
    'discrepancies',
  ])
    contents[table] = await sql`
      select row::text from ${sql(table)} as row
      where row.customer_id in (select id from customers where card = any(${cards})) order by 1`
  for (const table of ['registers', 'pairing_codes'])
    contents[table] = await sql`
      select row::text from ${sql(table)} as row
      where row.store_id in (select id from stores where programme_id = ${programmeId}) order by 1`
  return contents
}

const nobodys = (): Named => ({ card: '999998', id: randomUUIDv7(), voucher: 'ABCDEFGHJK' })

/** What a request was answered, without what it said itself. */
function plain(
  { status, body }: { status: number; body: unknown },
  { json, path }: Asked,
  named: Named,
): string {
  const own = [...`${JSON.stringify(json)} ${decodeURIComponent(path)}`.matchAll(/[0-9a-f-]{36}/g)].map(
    ([id]) => id,
  )
  let text = JSON.stringify(body).replaceAll(/"serverTime":"[^"]*"|"asOf":"[^"]*"|"cursor":"[^"]*"/g, '')
  for (const id of own) text = text.replaceAll(id, 'an id')
  return `${status} ${text.replaceAll(named.card, 'a card').replaceAll(named.id, 'an id')}`
}

/** None of these is in the answer, but where the question said it. */
function expectNothingOf({ secrets }: Shop, { body }: { body: unknown }, question: unknown): void {
  const [answered, asked] = [JSON.stringify(body), decodeURIComponent(JSON.stringify(question))]
  expect(secrets.filter((secret) => answered.includes(secret) && !asked.includes(secret))).toEqual([])
}

describe('of another programme', () => {
  it('is asked at every route there is', () => {
    const all = new Set(
      cloud.app.routes.flatMap(({ method, path }) => (method === 'ALL' ? [] : [`${method} ${path}`])),
    )
    const places = [...all].filter((route) => !isOfTheHouse(route))
    expect(new Set(places)).toEqual(new Set(Object.keys(routes)))
  })

  it('nothing is answered by any route but what is answered of what does not exist, and nothing is changed', async () => {
    const before = await contentsOf(theirs)
    const things = theirs.ids.map((id, index) => ({
      id,
      card: theirs.cards[index % theirs.cards.length] ?? '',
      voucher: theirs.voucher,
    }))
    for (const [route, requests] of Object.entries(routes)) {
      for (const thing of things) {
        const nothing = nobodys()
        const unknown = requests(nothing)
        for (const [index, question] of requests(thing).entries()) {
          const answer = await ask(question)
          expectNothingOf(theirs, answer, question)
          const twin = unknown[index] ?? question
          expect(plain(answer, question, thing), route).toBe(plain(await ask(twin), twin, nothing))
        }
      }
    }
    expect(await contentsOf(theirs)).toEqual(before)
    expect(await runAudit(cloud.sql)).toEqual([])
  })

  it('nothing is told of an id that is taken but that it is, whatever else is said with it', async () => {
    const before = await contentsOf(theirs)
    const { clock } = cloud
    const [card = ''] = theirs.cards
    for (const id of theirs.ids) {
      for (const wanted of [
        operation(clock, { kind: 'earn', card, purchaseKopecks: 111_100, receipt: 'Чужой-чек' }),
        operation(clock, { kind: 'earn', card: ours.cards[0] ?? '' }),
        operation(clock, { kind: 'refund', originalId: id }),
      ]) {
        const { status, outcomes } = await cloud.send(ours.key, { ...wanted, id })
        expect([status, outcomes]).toEqual([
          409,
          [
            {
              ...{ id, kind: wanted.kind, status: 'refused', replay: false, code: 'id_reused' },
              ...{ message: expect.any(String), details: { id } },
            },
          ],
        ])
      }
    }
    expect(await contentsOf(theirs)).toEqual(before)
  })

  it('nothing is told or changed by whatever comes together, in whatever order', async () => {
    const before = await contentsOf(theirs)
    const anyone = () => [...theirs.cards, ...ours.cards, '999998']
    const anything = () => [...theirs.ids, ...ours.ids, randomUUIDv7()]
    const wish = fc.record({
      kind: fc.constantFrom('earn', 'redeem', 'apply', 'release', 'refund'),
      card: fc.nat(6),
      id: fc.nat(40),
      own: fc.option(fc.nat(40), { freq: 4 }),
      kopecks: fc.integer({ min: 1, max: 1_000_000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(wish, { minLength: 1, maxLength: 12 }), async (wishes) => {
        const minted: string[] = []
        const batch = wishes.map(({ kind, card, id, own, kopecks }) => {
          // Also what came before it in the same request.
          const named = [...anything(), ...minted]
          const common = { redeemId: named[id % named.length], originalId: named[id % named.length] }
          const purchase = { card: anyone()[card], purchaseKopecks: kopecks }
          const wanted = operation(cloud.clock, { kind })
          const said = { ...wanted, ...('card' in wanted ? purchase : {}) }
          if ('redeemId' in said) Object.assign(said, { redeemId: common.redeemId })
          if ('originalId' in said) Object.assign(said, { originalId: common.originalId })
          if (own !== null) said.id = anything()[own % anything().length] ?? said.id
          minted.push(said.id)
          return said
        })
        const question = post('/v1/operations', { operations: batch })
        const answer = await ask(question)
        expect([200, 404, 409, 422]).toContain(answer.status)
        expectNothingOf(theirs, answer, question)
        const { outcomes } = answer.body as { outcomes: Outcome[] }
        for (const [index, outcome] of outcomes.entries()) {
          const { id } = batch[index] ?? {}
          if (id && theirs.ids.includes(id)) expect(outcome).toMatchObject({ code: 'id_reused' })
        }
      }),
      { numRuns: 150 },
    )
    expect(await contentsOf(theirs)).toEqual(before)
    expect(await runAudit(cloud.sql)).toEqual([])
  })

  it('a customer is not waited for, and an operation of theirs neither', async () => {
    const [card = ''] = theirs.cards
    await cloud.sql.begin(async (sql) => {
      await sql`select from customers where programme_id = ${theirs.programmeId} for update`
      const [earn, release] = await Promise.all([
        cloud.send(ours.key, operation(cloud.clock, { kind: 'earn', card })),
        cloud.send(ours.key, operation(cloud.clock, { kind: 'release', redeemId: theirs.ids[0] ?? '' })),
      ])
      expect([earn.outcomes, release.outcomes]).toMatchObject([
        [{ code: 'customer_not_found' }],
        [{ code: 'original_not_found' }],
      ])
    })
  })

  it('a sale of both in the same moment is executed for whose customer it is', async () => {
    const [card = ''] = theirs.cards
    const before = await contentsOf(ours)
    const earn = () => operation(cloud.clock, { kind: 'earn', card, purchaseKopecks: 222_200 })
    const [stranger, owner] = await Promise.all([
      cloud.send(ours.key, earn()),
      cloud.send(theirs.key, earn()),
    ])
    expect(stranger?.outcomes).toMatchObject([
      { status: 'refused', code: 'customer_not_found', details: { card } },
    ])
    expect(owner?.outcomes).toMatchObject([{ status: 'accepted', earned: 89 }])
    expect(await contentsOf(ours)).toEqual(before)
  })

  it('an operation that waits in the same moment cannot be settled', async () => {
    const [card = ''] = theirs.cards
    const redeem = operation(cloud.clock, { kind: 'redeem', card, purchaseKopecks: 333_300, points: 3 })
    const [owner, stranger] = await Promise.all([
      cloud.send(theirs.key, redeem),
      cloud.send(ours.key, operation(cloud.clock, { kind: 'apply', redeemId: redeem.id })),
    ])
    expect(owner?.outcomes).toMatchObject([{ status: 'accepted', hold: { state: 'processing' } }])
    expect(stranger?.outcomes).toMatchObject([
      { code: 'original_not_found', details: { redeemId: redeem.id } },
    ])
    await cloud.send(theirs.key, operation(cloud.clock, { kind: 'release', redeemId: redeem.id }))
  })

  it('what is handed over names no customer', async () => {
    expect(
      await cloud.sql`select from discrepancies where kind = 'parked' and customer_id is not null`,
    ).toHaveLength(0)
  })

  it('a register is not taken over by one that calls itself the same', async () => {
    const before = await contentsOf(theirs)
    const json = { code: ours.pairingCode, name: theirs.registerName, version: '1' }
    const { status, body } = await cloud.request('POST', '/v1/enrol', { json })
    expect([status, body]).toMatchObject([
      200,
      { store: { name: 'Наш магазин' }, register: { name: theirs.registerName } },
    ])
    expect(await contentsOf(theirs)).toEqual(before)
  })

  it('rules and settings are not those of ours', async () => {
    await cloud.sql`
      update programmes set settings = '{"hold_seconds": 33}', version = version + 1 where id = ${theirs.programmeId}`
    const told = async ({ key }: Shop) => (await cloud.request('GET', '/v1/register', { key })).body
    expect(await told(ours)).toMatchObject({ programme: { hold_seconds: 90 }, settingsVersion: 1 })
    expect(await told(theirs)).toMatchObject({ programme: { hold_seconds: 33 }, settingsVersion: 3 })
    const redeem = operation(cloud.clock, { kind: 'redeem', card: theirs.cards[0] ?? '', points: 1 })
    const { outcomes } = await cloud.send(theirs.key, redeem)
    expect(outcomes).toMatchObject([{ hold: { until: toIso(cloud.clock.now + 33_000) } }])
  })

  it('nobody is left who is erased here', async () => {
    const before = await contentsOf(theirs)
    expect((await ask({ method: 'DELETE', path: '/v1/me' })).status).toBe(200)
    expect(await contentsOf(theirs)).toEqual(before)
  })
})
