import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { advertisingVersion, consentVersion } from '../../../shared/consent.ts'
import { type HistoryPage, type Me, meSchema } from '../../../shared/me.ts'
import { myReferralSchema } from '../../../shared/referral.ts'
import { bookDocumentSchema } from '../../../shared/rules/book.ts'
import { DAY, MINUTE, SECOND, startOfUtcDay, toIso } from '../../../shared/time.ts'
import { type DemoUser, signInitData } from '../../demo/initData.ts'
import { prune } from '../../jobs/prune.ts'
import { publishBook } from '../../ledger/books.ts'
import { createTestCloud, operation, type TestCloud, testBotToken } from '../../testing/cloud.ts'
import { testOperator } from '../testing.ts'

let cloud: TestCloud
let nextId = 7_000_000_000
beforeAll(async () => {
  cloud = await createTestCloud()
})
afterAll(() => cloud.drop())

type App = ReturnType<typeof open>
type Given = Partial<DemoUser> & {
  token?: string
  at?: number
  session?: string | null
  /** Of the link by which it was opened. */
  start?: string
  in?: TestCloud
}

/** The Mini App of somebody, opened anew. */
function open({ token = testBotToken, at, session, start, in: where = cloud, ...user }: Given = {}) {
  nextId += 1
  const id = user.id ?? nextId
  const more = { query_id: `AAH${nextId}`, ...(start && { start_param: start }) }
  const person = { id, first_name: 'Анна', language_code: 'ru', ...user }
  const initData = signInitData(person, { token, now: at ?? where.clock.now, more })
  const own = session === undefined ? `session ${nextId}` : session
  return { id, initData, session: own, ask: asker(where, `tma ${initData}`, own) }
}

const asker =
  (where: TestCloud, authorization: string | null, session: string | null) =>
  async (method: string, path = '/v1/me', json?: unknown) => {
    const response = await where.app.request(path, {
      method,
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(authorization !== null && { authorization }),
        ...(session !== null && { 'x-app-session': session }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    })
    const body = (await response.json()) as { error?: { code: string; details?: unknown } }
    return { status: response.status, headers: response.headers, body, code: body.error?.code }
  }

const consent = { consentVersion, language: 'ru' }
async function join(app: App): Promise<Me> {
  const { status, body } = await app.ask('POST', '/v1/me', consent)
  expect(status).toBe(200)
  return meSchema.parse(body)
}

describe('who may ask', () => {
  it.each<[string, string | null]>([
    ['nothing', null],
    ['the key of a register', 'Bearer kop_123'],
    ['an empty tma', 'tma '],
  ])('not who shows %s', async (_name, authorization) => {
    const reply = await asker(cloud, authorization, 'x')('GET')
    expect([reply.status, reply.code]).toEqual([401, 'init_data_missing'])
  })

  it('not who was signed with another token', async () => {
    const reply = await open({ token: '1:other' }).ask('GET')
    expect([reply.status, reply.code]).toEqual([401, 'init_data_forged'])
  })

  it('not who opened the app a day ago', async () => {
    const reply = await open({ at: cloud.clock.now - DAY }).ask('GET')
    expect([reply.status, reply.code]).toEqual([401, 'init_data_old'])
  })

  it('not a second app with the init data of the first, in whatever form, and not without a session', async () => {
    const app = open()
    await join(app)
    const shuffled = [...new URLSearchParams(app.initData)].toReversed()
    const same = shuffled.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    for (const [text, session] of [
      [app.initData, 'another'],
      [app.initData, null],
      [app.initData, ''],
      [same, 'another'],
      [app.initData, 'x'.repeat(10_000)],
    ] as const) {
      const reply = await asker(cloud, `tma ${text}`, session)('GET')
      expect([reply.status, reply.code]).toEqual([401, 'init_data_reused'])
    }
    expect((await app.ask('GET')).status).toBe(200)
    expect((await asker(cloud, `tma ${same}`, app.session)('GET')).status).toBe(200)
  })

  it('the same app again; no session at all is one session too', async () => {
    const app = open({ session: null })
    await join(app)
    expect((await app.ask('GET')).status).toBe(200)
    const other = await asker(cloud, `tma ${app.initData}`, 'somebody')('GET')
    expect(other.code).toBe('init_data_reused')
  })

  it('one of many apps that show the same init data at the same moment', async () => {
    const { initData } = open()
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) => asker(cloud, `tma ${initData}`, `app ${index}`)('GET')),
    )
    expect(replies.map(({ code }) => code).sort()).toEqual([
      ...Array.from({ length: 7 }, () => 'init_data_reused'),
      'not_registered',
    ])
  })

  it('whose init data are forgotten only when nobody can use them any more', async () => {
    const app = open()
    await app.ask('GET')
    await prune(cloud.sql, { now: cloud.clock.now + DAY - MINUTE })
    expect((await asker(cloud, `tma ${app.initData}`, 'another')('GET')).code).toBe('init_data_reused')
    await prune(cloud.sql, { now: cloud.clock.now + DAY + SECOND })
    expect(await cloud.sql`select from mini_app_sessions`).toHaveLength(0)
  })

  it('as often as a person would, and no more', async () => {
    const strict = await createTestCloud({ people: { perMinute: 60, burst: 2 } })
    const [anna, boris] = [open({ in: strict }), open({ in: strict })]
    const statuses = [await anna.ask('GET'), await anna.ask('GET'), await anna.ask('GET')]
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 429])
    expect(statuses[2]?.headers.get('retry-after')).toBe('1')
    expect((await boris.ask('GET')).status).toBe(404)
    await strict.drop()
  })
})

describe('a person in the Mini App', () => {
  let app: App
  let me: Me
  beforeEach(async () => {
    app = open()
    me = await join(app)
  })

  it('is not known, and nothing is stored of them, until they agree', async () => {
    const stranger = open()
    const reply = await stranger.ask('GET')
    expect([reply.status, reply.code]).toEqual([404, 'not_registered'])
    expect(reply.body.error?.details).toEqual({
      chainName: 'Копилка',
      consentVersion,
      advertisingVersion,
      operator: testOperator,
    })
    for (const path of ['/v1/me/code', '/v1/me/history', '/v1/me/expiry'])
      expect((await stranger.ask('GET', path)).code).toBe('not_registered')
    expect((await stranger.ask('DELETE')).code).toBe('not_registered')
    expect((await stranger.ask('PATCH', '/v1/me', { language: 'en' })).code).toBe('not_registered')
    expect(await cloud.sql`select from people where telegram_id = ${stranger.id}`).toHaveLength(0)
  })

  it('must agree to the present text', async () => {
    const reply = await open().ask('POST', '/v1/me', { ...consent, consentVersion: '1999-01' })
    expect([reply.status, reply.code]).toEqual([409, 'consent_outdated'])
    expect(reply.body.error?.details).toEqual({
      chainName: 'Копилка',
      consentVersion,
      advertisingVersion,
      operator: testOperator,
    })
  })

  it('agrees to advertising apart, and takes it back', async () => {
    expect(me.advertising).toBe(null)
    const says = (version: string | null) => app.ask('PATCH', '/v1/me', { advertisingVersion: version })
    expect(await says('1999-01')).toMatchObject({ status: 409, code: 'consent_outdated' })
    const at = toIso(cloud.clock.now)
    expect((await says(advertisingVersion)).body).toMatchObject({
      advertising: { version: advertisingVersion, at },
    })
    expect((await app.ask('PATCH', '/v1/me', { language: 'en' })).body).toMatchObject({ advertising: { at } })
    expect((await says(null)).body).toMatchObject({ advertising: null, consent: { version: consentVersion } })
    const both = await open().ask('POST', '/v1/me', { ...consent, advertisingVersion })
    expect(both.body).toMatchObject({ advertising: { version: advertisingVersion } })
    const outdated = await open().ask('POST', '/v1/me', { ...consent, advertisingVersion: '1999-01' })
    expect(outdated.code).toBe('consent_outdated')
  })

  it('has a card, with what the programme promises', async () => {
    expect(me).toMatchObject({
      firstName: 'Анна',
      available: 0,
      chainName: 'Копилка',
      isFrozen: false,
      language: 'ru',
      notify: { purchases: true, expiry: true },
      consent: { version: consentVersion, at: toIso(cloud.clock.now) },
      rules: {
        cashbackBasisPoints: 400,
        maxDiscountBasisPoints: 2000,
        lifetimeDays: 45,
        redeemProof: 'none',
      },
    })
    expect(await join(app)).toEqual(me)
    expect(await join(open({ id: app.id }))).toEqual(me)
    expect((await app.ask('GET')).headers.get('cache-control')).toBe('no-store')
  })

  it('is who Telegram says, whatever a body or an address claims', async () => {
    const other = open()
    const card = (await join(other)).card
    const claimed = await app.ask('POST', '/v1/me', { ...consent, telegramId: other.id })
    expect([claimed.status, claimed.code]).toEqual([400, 'malformed'])
    for (const query of [`id=${other.id}`, `card=${card}`, `user=${other.id}`]) {
      expect((await app.ask('GET', `/v1/me?${query}`)).body).toMatchObject({ card: me.card })
    }
    expect((await app.ask('PATCH', '/v1/me', { id: other.id })).code).toBe('malformed')
  })

  it('chooses the language and what is told', async () => {
    const reply = await app.ask('PATCH', '/v1/me', { language: 'en', notify: { expiry: false } })
    expect(reply.body).toMatchObject({ language: 'en', notify: { purchases: true, expiry: false } })
    expect((await app.ask('GET')).body).toMatchObject({ language: 'en', notify: { expiry: false } })
  })

  it('sees their own purchases, page by page, and the days on which points die', async () => {
    const { key } = await cloud.addRegister(await cloud.addStore(`Магазин ${app.id}`), 'Касса 1')
    const other = await join(open())
    const earns = Array.from({ length: 32 }, (_, index) =>
      operation(cloud.clock, { kind: 'earn', card: me.card, purchaseKopecks: 100_000 + index }),
    )
    await cloud.send(key, ...earns, operation(cloud.clock, { kind: 'earn', card: other.card }))
    const first = (await app.ask('GET', '/v1/me/history')).body as unknown as HistoryPage
    expect(first.items).toHaveLength(30)
    expect(first.items[0]).toMatchObject({ kind: 'purchase', store: `Магазин ${app.id}`, change: 40 })
    const rest = (await app.ask('GET', `/v1/me/history?before=${first.next}`)).body as unknown as HistoryPage
    expect([rest.items.length, rest.next]).toEqual([2, null])
    const dies = toIso(startOfUtcDay(cloud.clock.now) + 45 * DAY)
    expect((await app.ask('GET', '/v1/me/expiry')).body).toEqual({
      days: [{ points: 32 * 40, at: dies }],
    })
    expect((await app.ask('GET')).body).toMatchObject({
      available: 32 * 40,
      expiresNext: { points: 32 * 40, at: dies },
    })
  })

  it('shows a signed code that lives a minute and fits the alphabet of a small QR', async () => {
    const { status, body } = await app.ask('GET', '/v1/me/code')
    const { code, expiresAt, serverTime } = body as unknown as Record<string, string>
    expect(status).toBe(200)
    expect(code).toMatch(/^K1[0-9A-Z]+$/)
    expect(serverTime).toBe(toIso(cloud.clock.now))
    const said = cloud.codes.read(code ?? '')
    expect(said).toMatchObject({ card: me.card, expiresAt: Date.parse(expiresAt ?? '') })
    const life = Date.parse(expiresAt ?? '') - cloud.clock.now
    expect(life).toBeGreaterThan(58 * SECOND)
    expect(life).toBeLessThanOrEqual(MINUTE)
  })

  it('who is frozen may look, and gets no code', async () => {
    await cloud.sql`update customers set status = 'frozen' where card = ${me.card}`
    expect((await app.ask('GET')).body).toMatchObject({ isFrozen: true })
    const reply = await app.ask('GET', '/v1/me/code')
    expect([reply.status, reply.code]).toEqual([403, 'customer_frozen'])
    await cloud.sql`update customers set status = 'active' where card = ${me.card}`
  })

  it('of a frozen programme hears that it is not the card, and gets no code meanwhile', async () => {
    expect((await app.ask('GET')).body).not.toHaveProperty('isProgrammeFrozen')
    await cloud.sql`update programmes set frozen_at = now()`
    expect((await app.ask('GET')).body).toMatchObject({ isFrozen: true, isProgrammeFrozen: true })
    expect(await app.ask('GET', '/v1/me/code')).toMatchObject({ status: 403, code: 'customer_frozen' })
    await cloud.sql`update programmes set frozen_at = null`
    expect((await app.ask('GET')).body).toMatchObject({ isFrozen: false })
  })

  it('is erased when they ask, and may begin anew', async () => {
    expect((await app.ask('DELETE')).body).toEqual({ erased: true })
    expect((await app.ask('GET')).code).toBe('not_registered')
    expect((await app.ask('GET', '/v1/me/code')).code).toBe('not_registered')
    expect((await join(app)).card).not.toBe(me.card)
  })
})

it('the log has no line about who it was', async () => {
  const app = open({ first_name: 'Ярополк' })
  await join(app)
  expect(cloud.lines.join('')).toContain('/v1/me')
  expect(cloud.lines.join('')).not.toMatch(new RegExp(`${app.id}|Ярополк|hash=`))
})

it('has a link to invite friends by, and says what came of it', async () => {
  const anna = open()
  await join(anna)
  const ask = async () => myReferralSchema.parse((await anna.ask('GET', '/v1/me/referral')).body)
  const nothing = { invited: 0, bought: 0, waiting: 0, rewarded: 0 }
  const mine = await ask()
  expect(mine).toEqual({
    ...{ code: mine.code, link: `https://t.me/kopilka_bot?start=ref_${mine.code}`, terms: null },
    ...{ counts: nothing, points: { month: 0, total: 0 } },
  })
  expect(meSchema.parse((await anna.ask('GET')).body).invites).toBe(false)
  const document = bookDocumentSchema.parse({ referral: { referrer_points: 200, referee_points: 100 } })
  const { sql, clock } = cloud
  const book = { programmeId: 1, validFrom: clock.now, now: clock.now, by: 'admin:anna', reason: 'a test' }
  await sql.begin((sql) => publishBook(sql, { ...book, document }))
  expect(meSchema.parse((await anna.ask('GET')).body).invites).toBe(true)
  const boris = open({ start: `ref_${mine.code}` })
  const { status } = await boris.ask('POST', '/v1/me', consent)
  expect(status).toBe(200)
  expect(await ask()).toMatchObject({
    counts: { ...nothing, invited: 1, waiting: 1 },
    terms: { wait_days: 14 },
  })
  await sql.begin((sql) => publishBook(sql, { ...book, document: bookDocumentSchema.parse({}) }))
})
