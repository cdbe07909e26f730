import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE, SECOND, toIso } from '../../shared/time.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { beginAlerts } from './alerts.ts'
import { createVisitor, makeAccount } from './testing.ts'

describe('the page of the fleet', () => {
  let cloud: TestCloud
  let anna: ReturnType<typeof createVisitor>
  let storeId: number
  let first: { id: number; key: string }
  let second: { id: number; key: string }
  let count = 0
  beforeAll(async () => {
    cloud = await createTestCloud()
    anna = createVisitor(cloud)
    await anna.signIn('anna', await makeAccount(cloud, 'anna'))
  })
  afterAll(() => cloud.drop())
  beforeEach(async () => {
    count += 1
    storeId = await cloud.addStore(`Магазин <${count}>`)
    first = await cloud.addRegister(storeId, 'Касса 1')
    second = await cloud.addRegister(storeId, 'Касса 2')
  })

  const heartbeat = (key: string, more: Record<string, unknown> = {}) =>
    cloud.request('POST', '/v1/heartbeat', {
      key,
      json: {
        version: '1.2.3',
        queueDepth: 0,
        oldestQueuedSeconds: null,
        exchange: 'ok',
        clockOffsetMs: 0,
        ...more,
      },
    })
  /** The text of the rows, without marks. */
  const rows = async (query = '') => {
    const { text } = await anna.get(`/fleet/table?store=${storeId}${query}`)
    return [...text.matchAll(/<tr class="\w+">(.*?)<\/tr>/gs)].map(([, row = '']) =>
      row
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
  }
  const changesOf = async (id: number) => [
    ...(await cloud.sql`
      select who, action, before, after from audit_log where subject = ${`register ${id}`} order by id`),
  ]

  it('shows every register with what its heartbeat said, whoever needs somebody first', async () => {
    await heartbeat(first.key, { clockOffsetMs: 7000 })
    await cloud.sql`
      update registers set heartbeat = heartbeat || '{"update": {"state": "ready", "version": "2.0.0"}}'
      where id = ${first.id}`
    await heartbeat(second.key, {
      queueDepth: 3,
      oldestQueuedSeconds: 720,
      parked: 2,
      exchange: 'alert: <b>',
    })
    expect(await rows()).toEqual([
      `обмен с 1С, отложенные Магазин &lt;${count}&gt; Касса 2 1.2.3 0 с 3 уже 12 мин 2 alert: &lt;b&gt; 0 с —`,
      `в порядке Магазин &lt;${count}&gt; Касса 1 1.2.3 0 с 0 — работает +7 с готово 2.0.0`,
    ])
  })

  it('shows no character that turns names around or hides in them', async () => {
    const bad = 'ok\u202e\u2066\x9b\u200b'
    await cloud.sql`update registers set name = ${`Касса${bad}`} where id = ${first.id}`
    await heartbeat(first.key, { exchange: bad, errors: [{ at: toIso(cloud.clock.now), text: bad }] })
    await beginAlerts(
      cloud.sql,
      [{ kind: 'exchange', reference: 'x', registerId: first.id, where: bad, what: bad }],
      0,
    )
    for (const path of ['/fleet', '/fleet/table', '', '/live', '/revoke']) {
      const { status, text } = await anna.get(
        path.startsWith('/fleet') ? path : `/fleet/registers/${first.id}${path}`,
      )
      expect([status, /[\u202e\u2066\x9b\u200b]/.test(text)], path).toEqual([200, false])
      expect(text).toContain('�')
    }
    await cloud.sql`delete from alerts`
  })

  it('is there for IT, whatever nonsense the till of a thief says of itself', async () => {
    await heartbeat(first.key, { queueDepth: 1, oldestQueuedSeconds: 1e300, clockOffsetMs: -1e300 })
    expect(await rows()).toMatchObject([expect.stringMatching(/1 уже 0 с/), expect.anything()])
    expect((await anna.get(`/fleet/registers/${first.id}`)).status).toBe(200)
  })

  it('can be narrowed to a store, a state and a version', async () => {
    const third = await cloud.addRegister(await cloud.addStore(`Другой ${count}`), 'Касса 9')
    await heartbeat(third.key)
    await heartbeat(first.key)
    cloud.clock.now += 11 * MINUTE
    await heartbeat(second.key, { version: '2.0.0', parked: 1 })
    expect(await rows()).toHaveLength(2)
    expect(await rows('&state=attention')).toMatchObject([expect.stringContaining('Касса 2')])
    expect(await rows('&state=silent')).toMatchObject([expect.stringContaining('Касса 1')])
    expect(await rows('&version=2.0.0')).toMatchObject([expect.stringContaining('Касса 2')])
    expect(await rows('&version=2.0.0&state=silent')).toEqual([])
    expect(await rows('&state=nonsense&version=')).toHaveLength(2)
    const { text } = await anna.get('/fleet?state=silent')
    expect(text.match(/<a class="tile[^>]*aria-current=true>.*?<\/a>/)?.[0]).toContain('молчат')
  })

  it('shows an alert, and the register it is of among those to look at', async () => {
    await heartbeat(first.key)
    const what = 'not heard of since noon'
    const alert = {
      kind: 'silent' as const,
      reference: `register ${first.id}`,
      registerId: first.id,
      where: 'here',
      what,
    }
    await beginAlerts(cloud.sql, [alert], cloud.clock.now)
    expect((await anna.get('/fleet')).text).toContain(what)
    expect(await rows('&state=attention')).toMatchObject([expect.stringContaining('молчит')])
    expect((await anna.get(`/fleet/registers/${first.id}`)).text).toContain(what)
  })

  it('shows of one register its errors, operations, and who changed what', async () => {
    const errors = [{ at: toIso(cloud.clock.now - 30 * SECOND), text: 'the disk is <full>' }]
    await heartbeat(first.key, { errors })
    await cloud.addCustomer(`20000${count}`)
    await cloud.send(first.key, {
      id: `019afb11-0000-7000-8000-00000000000${count}`,
      kind: 'earn',
      at: toIso(cloud.clock.now),
      card: `20000${count}`,
      purchaseKopecks: 100_000,
    })
    await anna.submit(`/fleet/registers/${first.id}/channel`, { channel: 'beta' })
    const { text } = await anna.get(`/fleet/registers/${first.id}`)
    expect(text).toContain('the disk is &lt;full&gt;')
    expect(text).toContain('1 за сутки, 1 за неделю')
    expect(text).toContain(
      '<td>it:anna</td><td>register channel</td><td>channel stable</td><td>channel beta</td>',
    )
    expect((await anna.get('/fleet/registers/999999')).status).toBe(404)
    expect((await anna.get('/fleet/registers/x')).status).toBe(404)
    expect((await anna.get(`/fleet/registers/${first.id}/explode`)).status).toBe(404)
  })

  it('tells times by the clocks of the shops', async () => {
    await cloud.sql`
      insert into audit_log (at, who, action, subject)
      values ('2026-11-29T21:30:05.000Z', 'it:anna', 'register channel', ${`register ${first.id}`})`
    const { text } = await anna.get(`/fleet/registers/${first.id}`)
    expect(text).toMatch(/<time datetime="2026-11-29T21:30:05.000Z">30\.11\.2026, 00:30:05<\/time>/)
    expect(text).not.toContain('UTC')
  })

  it('asks first, then revokes a key, under the name of who did it', async () => {
    const path = `/fleet/registers/${first.id}`
    expect((await anna.get(`${path}/revoke`)).text).toContain('С этого момента облако кассе отказывает')
    expect((await cloud.request('GET', '/v1/register', { key: first.key })).status).toBe(200)
    const done = await anna.submit(`${path}/revoke`)
    expect([done.status, done.headers.get('location')]).toEqual([303, path])
    expect((await cloud.request('GET', '/v1/register', { key: first.key })).status).toBe(401)
    const revokedAt = toIso(cloud.clock.now)
    cloud.clock.now += MINUTE
    await anna.submit(`${path}/revoke`)
    expect(await changesOf(first.id)).toEqual([
      { who: 'it:anna', action: 'register revoke', before: { revokedAt: null }, after: { revokedAt } },
    ])
  })

  it('gives a pairing code that makes a kiosk this register again, whatever its machine is called', async () => {
    await anna.submit(`/fleet/registers/${first.id}/revoke`)
    const { status, text } = await anna.submit(`/fleet/registers/${first.id}/code`)
    const code = /class="code">(\w{8})</.exec(text)?.[1] ?? ''
    expect(status).toBe(200)
    expect((await anna.get(`/fleet/registers/${first.id}`)).text).not.toContain(code)
    const enrol = { code, name: 'DESKTOP-7', version: '2.0.0' }
    const { body } = await cloud.request('POST', '/v1/enrol', { json: enrol })
    expect(body).toMatchObject({ register: { id: first.id, name: 'Касса 1' }, store: { id: storeId } })
    const { key } = body as { key: string }
    expect((await cloud.request('GET', '/v1/register', { key })).status).toBe(200)
    expect((await cloud.request('GET', '/v1/register', { key: first.key })).status).toBe(401)
    expect((await cloud.request('POST', '/v1/enrol', { json: enrol })).status).toBe(403)
    const changes = await changesOf(first.id)
    expect(changes.map(({ who, action }) => `${who} ${action}`)).toEqual([
      'it:anna register revoke',
      'it:anna register code',
      'pairing code register enrol',
    ])
    expect(JSON.stringify(changes)).not.toContain(code)
  })

  it('sets the channel the register is told, and no other word', async () => {
    await anna.submit(`/fleet/registers/${first.id}/channel`, { channel: 'beta' })
    const { body } = await cloud.request('GET', '/v1/register', { key: first.key })
    expect(body).toMatchObject({ updateChannel: 'beta' })
    await anna.submit(`/fleet/registers/${first.id}/channel`, { channel: 'beta' })
    expect((await anna.submit(`/fleet/registers/${first.id}/channel`, { channel: 'gamma' })).status).toBe(400)
    expect(await changesOf(first.id)).toHaveLength(1)
  })

  it('asks for the diagnostics once, keeps what comes once, and has it to download', async () => {
    const send = (content: unknown) =>
      cloud.request('POST', '/v1/diagnostics', { key: first.key, json: content })
    const isWanted = async () =>
      ((await heartbeat(first.key)).body as { diagnosticsWanted?: boolean }).diagnosticsWanted
    expect((await send({ phase: 'unasked' })).body).toEqual({ isKept: false })
    expect(await isWanted()).toBeUndefined()
    await anna.submit(`/fleet/registers/${first.id}/diagnostics`)
    expect(await isWanted()).toBe(true)
    expect((await send({ phase: 'idle \0' })).body).toEqual({ isKept: true })
    expect((await send({ phase: 'again' })).body).toEqual({ isKept: false })
    expect(await isWanted()).toBeUndefined()

    const page = (await anna.get(`/fleet/registers/${first.id}`)).text
    const path = /href="([^"]+\/diagnostics\/\d+)"/.exec(page)?.[1] ?? ''
    const file = await anna.get(path)
    expect(JSON.parse(file.text)).toEqual({ phase: 'idle \0' })
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="kopilka-register-\d+-[\dT-]+\.json"$/,
    )
    expect((await anna.get(path.replace(`/${first.id}/`, `/${second.id}/`))).status).toBe(404)
  })

  it('keeps the last three files of a register, and none that is too large', async () => {
    const send = (content: unknown) =>
      cloud.request('POST', '/v1/diagnostics', { key: first.key, json: content })
    for (const number of [1, 2, 3, 4]) {
      await anna.submit(`/fleet/registers/${first.id}/diagnostics`)
      await send({ number })
    }
    const files = await cloud.sql`select content from diagnostics where register_id = ${first.id} order by id`
    expect(files.map(({ content }) => JSON.parse(content).number)).toEqual([2, 3, 4])
    await anna.submit(`/fleet/registers/${first.id}/diagnostics`)
    expect((await send({ text: 'x'.repeat(300_000) })).status).toBe(413)
    expect((await send([1])).status).toBe(400)
  })

  describe('takes a form from itself only', () => {
    const path = () => `/fleet/registers/${first.id}/revoke`
    const isValid = async () =>
      (await cloud.request('GET', '/v1/register', { key: first.key })).status === 200

    it.each([
      ['without the token', {}, {}],
      ['with a wrong one', { csrf: 'AAAA' }, {}],
      ['with the token, from elsewhere', 'own', { origin: 'https://evil.example' }],
      ['with the token, from nowhere', 'own', { origin: 'null' }],
    ])('%s it is refused', async (_how, form, headers) => {
      const sent = form === 'own' ? { csrf: await anna.csrf() } : (form as Record<string, string>)
      expect((await anna.post(path(), sent, headers)).status).toBe(403)
      expect(await isValid()).toBe(true)
    })

    it('with the token of another session it is refused', async () => {
      const ivan = createVisitor(cloud)
      await ivan.signIn('ivan', await makeAccount(cloud, 'ivan'))
      expect((await anna.post(path(), { csrf: await ivan.csrf() })).status).toBe(403)
      expect(await isValid()).toBe(true)
    })

    it('a sign-in from elsewhere is refused as well', async () => {
      const reply = await createVisitor(cloud).signIn('anna', 'x', { origin: 'https://evil.example' })
      expect(reply.status).toBe(403)
    })

    it('without a session it leads to the sign-in', async () => {
      const nobody = createVisitor(cloud)
      const { status, headers } = await nobody.post(path(), { csrf: await anna.csrf() })
      expect([status, headers.get('location')]).toEqual([303, '/fleet/login'])
      expect(await isValid()).toBe(true)
    })
  })
})
