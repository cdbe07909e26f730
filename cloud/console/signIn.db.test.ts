import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '../../shared/staff.ts'
import { MINUTE, SECOND } from '../../shared/time.ts'
import { hashSecret } from '../access/secrets.ts'
import { cheapen } from '../access/staff/testing.ts'
import { stepAt, totpCode } from '../access/staff/totp.ts'
import { perform } from '../acts/act.ts'
import { addStaff, disableStaff, linkStaff, resetStaff, setRoles, signOutStaff } from '../acts/staff.ts'
import { byAdmin } from '../acts/testing.ts'
import { createVisitor } from '../fleet/testing.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'

let cloud: TestCloud
let count = 0
let name: string
let address: string
beforeAll(async () => {
  cloud = await createTestCloud()
})
afterAll(() => cloud.drop())
beforeEach(() => {
  count += 1
  name = `olga${count}`
  address = `10.1.1.${count}`
})

const by = () => byAdmin(cloud.sql, cloud.clock.now)
const visitor = (from = address) => createVisitor(cloud, { address: from })
type Visitor = ReturnType<typeof visitor>

const add = async (role: Role[] = ['owner']) => (await perform(addStaff, { name, role }, by())).token
const fieldIn = (page: string, field: string) =>
  new RegExp(`name="${field}" value="([^"]+)"`).exec(page)?.[1] ?? ''
const csrfIn = (page: string) => fieldIn(page, 'csrf')
const codeShown = (page: string) => /class="code">([^<]+)</.exec(page)?.[1] ?? ''

function secretIn(page: string): Buffer {
  const text = /<p><code>([A-Z2-7 ]+)<\/code>/.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
  const bits = [...text].map((sign) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** The code that the app shows; each is good once, so the clock goes on to the next. */
function codeOf(secret: Buffer): string {
  cloud.clock.now += 30 * SECOND
  return totpCode(secret, stepAt(cloud.clock.now))
}

async function setUp(at: Visitor) {
  const page = (await at.get('/console/second-factor')).text
  const secret = secretIn(page)
  const reply = await at.post('/console/second-factor', { csrf: csrfIn(page), code: codeOf(secret) })
  const recoveryCodes = [...reply.text.matchAll(/<li><code>([^<]+)<\/code>/g)].map(([, code]) => code ?? '')
  return { secret, recoveryCodes, status: reply.status }
}

/** Uses the link: the password that is shown. */
async function accept(at: Visitor, token: string): Promise<string> {
  const password = codeShown((await at.post('/console/welcome', { token })).text)
  await cheapen(cloud.sql, name, password)
  return password
}

/** From the link to a whole session. */
async function comeIn(role: Role[] = ['owner']) {
  const token = await add(role)
  const at = visitor()
  const password = await accept(at, token)
  return { at, password, ...(await setUp(at)) }
}

const signIn = (at: Visitor, password: string, code = '', who = name) =>
  at.post('/console/login', { name: who, password, code })
async function whoAmI(at: Visitor) {
  const { status, text } = await at.get('/v1/console/session')
  return { status, body: JSON.parse(text) }
}

describe('a page that was wanted before signing in', () => {
  const wanted = '/console/proposals?open=5&state=open'
  const onTheWay = (next: string) => `/console/login?${new URLSearchParams({ next })}`

  it('is where one is once signed in, a wrong password or not', async () => {
    const { password, secret } = await comeIn()
    const at = visitor()
    const login = (await at.get(wanted)).headers.get('location') ?? ''
    expect(login).toBe(onTheWay(wanted))
    const form = { name, password, code: '' }
    for (const { text } of [await at.get(login), await at.post(login, form)])
      expect(text).toContain(`action="${login.replaceAll('&', '&amp;')}"`)
    const { status, headers } = await at.post(login, { ...form, code: codeOf(secret) })
    expect([status, headers.get('location')]).toEqual([303, wanted])
  })

  it('is gone on to by a link of our own where a foreign page leads there, for its link brings no session', async () => {
    const from = (site: string) => visitor().get(wanted, { 'sec-fetch-site': site })
    const { status, text } = await from('cross-site')
    expect([status, text]).toEqual([
      200,
      expect.stringContaining(`content="0; url=${wanted.replaceAll('&', '&amp;')}"`),
    ])
    expect((await from('same-origin')).headers.get('location')).toBe(onTheWay(wanted))
  })

  it.each([
    ['https://evil.example/', '/console'],
    ['//evil.example/console/x', '/console/x'],
    ['/console/..//evil.example', '/console'],
    ['/v1/console/session', '/console'],
    ['http://[', '/console'],
  ])('is one of the console, whatever the address says: %s', async (next, place) => {
    const { password, secret } = await comeIn()
    const form = { name, password, code: codeOf(secret) }
    const { headers } = await visitor().post(onTheWay(next), form)
    expect(headers.get('location')).toBe(place)
  })
})

describe('the first owner', () => {
  it('comes in by the link, is shown a password, sets up the second factor, and is in', async () => {
    const token = await add()
    const at = visitor()
    expect((await at.get('/console/welcome')).status).toBe(200)
    const welcome = await at.post('/console/welcome', { token })
    expect([welcome.status, codeShown(welcome.text)]).toEqual([
      200,
      expect.stringMatching(/^([a-z2-9]{5}-?){4}$/),
    ])
    const closed = await at.get('/console')
    expect([closed.status, closed.headers.get('location')]).toEqual([303, '/console/second-factor'])
    expect((await whoAmI(at)).status).toBe(403)
    expect((await at.get('/fleet')).status).toBe(403)
    const before = at.cookie()
    const { recoveryCodes } = await setUp(at)
    expect(new Set(recoveryCodes).size).toBe(10)
    expect(at.cookie()).not.toBe(before)
    expect((await at.get('/console/account')).text).toContain(name)
    expect((await at.get('/fleet')).status).toBe(200)
    // The session of before may do no more than it might.
    expect((await visitor().get('/console', { cookie: before })).headers.get('location')).toBe(
      '/console/login',
    )
  })

  it('comes in by the link once, within its hour, and by the last one only', async () => {
    const first = await add()
    const { token: second } = await perform(linkStaff, { name }, by())
    expect((await visitor().post('/console/welcome', { token: first })).status).toBe(401)
    cloud.clock.now += 60 * MINUTE
    expect((await visitor().post('/console/welcome', { token: second })).status).toBe(401)
    const { token } = await perform(linkStaff, { name }, by())
    const replies = await Promise.all([1, 2].map(() => visitor().post('/console/welcome', { token })))
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401])
    for (const wrong of ['', 'x'.repeat(43), `${token}x`, '\0'])
      expect((await visitor().post('/console/welcome', { token: wrong })).status).toBe(401)
  })

  it('who has a second factor is not let in by a link alone', async () => {
    const { secret } = await comeIn()
    const { token } = await perform(linkStaff, { name }, by())
    const thief = visitor()
    const password = await accept(thief, token)
    expect(thief.cookie()).toBe('')
    expect((await signIn(thief, password)).status).toBe(401)
    expect((await signIn(visitor(), password, codeOf(secret))).status).toBe(303)
  })
})

describe('the sign-in with a second factor', () => {
  it('wants the code of the app beside the password, and each code once', async () => {
    const { password, secret } = await comeIn()
    const [at, code] = [visitor(), codeOf(secret)]
    expect((await signIn(at, password)).text).toContain('Нужен код из приложения')
    expect((await signIn(at, password, '000000')).status).toBe(401)
    expect((await signIn(at, 'wrong', code)).text).toContain('Имя или пароль неверны.')
    expect(at.cookie()).toBe('')
    expect((await signIn(at, password, ` ${code.slice(0, 3)} ${code.slice(3)} `)).status).toBe(303)
    expect((await whoAmI(at)).status).toBe(200)
    expect((await signIn(visitor(), password, code)).status).toBe(401)
    expect((await signIn(visitor(), password, codeOf(secret))).status).toBe(303)
  })

  it('one code sent twice at once lets in one', async () => {
    const { password, secret } = await comeIn()
    const code = codeOf(secret)
    const replies = await Promise.all([1, 2, 3].map(() => signIn(visitor(), password, code)))
    expect(replies.map(({ status }) => status).sort()).toEqual([303, 401, 401])
  })

  it('takes each recovery code once in place of the app, however it is typed', async () => {
    const { password, recoveryCodes } = await comeIn()
    const [first = '', second = ''] = recoveryCodes
    expect((await signIn(visitor(), password, first.replaceAll('-', ' ').toUpperCase())).status).toBe(303)
    expect((await signIn(visitor(), password, first)).status).toBe(401)
    expect((await signIn(visitor(), password, second)).status).toBe(303)
  })

  it('is closed for 15 minutes after five wrong codes, from wherever they come', async () => {
    const { password, secret } = await comeIn()
    for (let time = 1; time <= 5; time += 1)
      expect((await signIn(visitor(`10.2.${time}.${count}`), password, '000000')).status).toBe(401)
    expect((await signIn(visitor(`10.2.9.${count}`), password, codeOf(secret))).status).toBe(429)
    cloud.clock.now += 15 * MINUTE
    expect((await signIn(visitor(`10.2.9.${count}`), password, codeOf(secret))).status).toBe(303)
  })

  it('is closed to nobody by wrong passwords from elsewhere', async () => {
    const { password, secret } = await comeIn()
    for (let time = 1; time <= 6; time += 1) await signIn(visitor('10.3.1.1'), 'wrong', '000000')
    expect((await signIn(visitor(), password, codeOf(secret))).status).toBe(303)
  })

  it('is set up anew by who has lost phone and codes, once somebody has reset it', async () => {
    const { at, password } = await comeIn()
    await perform(resetStaff, { name }, by())
    expect((await whoAmI(at)).status).toBe(401)
    const again = visitor()
    expect((await signIn(again, password)).headers.get('location')).toBe('/console')
    expect((await whoAmI(again)).status).toBe(403)
    expect((await setUp(again)).status).toBe(200)
    expect((await whoAmI(again)).status).toBe(200)
  })

  it('is not set up in a session that has proven nothing, while there is one', async () => {
    const { secret } = await comeIn()
    await cloud.sql`update staff_sessions set is_proven = false where account = ${name}`
    const { at } = { at: visitor() }
    const { token } = await perform(linkStaff, { name }, by())
    const password = await accept(at, token)
    expect((await signIn(at, password, codeOf(secret))).status).toBe(303)
    await cloud.sql`update staff_sessions set is_proven = false where account = ${name}`
    expect((await at.get('/console/second-factor')).headers.get('location')).toBe('/console/login')
  })

  it('is asked of nobody whose roles do not need it and who has set up none', async () => {
    const token = await add(['support'])
    const at = visitor()
    const password = await accept(at, token)
    expect((await whoAmI(at)).status).toBe(200)
    const again = visitor()
    expect((await signIn(again, password)).status).toBe(303)
    expect((await whoAmI(again)).body).toMatchObject({ name, roles: ['support'] })
    await perform(setRoles, { name, role: ['support', 'finance'] }, by())
    expect((await whoAmI(again)).status).toBe(403)
  })

  it('keeps no secret in the log, and of links, passwords and codes only hashes', async () => {
    const token = await add()
    const at = visitor()
    const password = codeShown((await at.post('/console/welcome', { token })).text)
    const { recoveryCodes } = await setUp(at)
    const kept = JSON.stringify([
      await cloud.sql`select * from audit_log`,
      await cloud.sql`select name, password_hash, totp_step from staff`,
      await cloud.sql`select * from staff_links`,
      await cloud.sql`select * from staff_sessions`,
      cloud.lines,
    ])
    for (const secret of [token, password, ...recoveryCodes, at.cookie().split('=')[1] ?? ''])
      expect(kept).not.toContain(secret)
    const plain = recoveryCodes.map((code) => code.replaceAll('-', ''))
    const hashes = await cloud.sql<{ hash: Buffer }[]>`
      select code_hash as hash from staff_recovery_codes where account = ${name}`
    expect(hashes.map(({ hash }) => hash.toString('hex')).sort()).toEqual(
      plain.map((code) => hashSecret(code).toString('hex')).sort(),
    )
  })
})

describe('a session of the console', () => {
  it('has a cookie that only this site sends, no script reads, and over TLS no other host can set', async () => {
    const { password, secret } = await comeIn()
    const cookieOf = async (headers: Record<string, string>) => {
      const form = { name, password, code: codeOf(secret) }
      return (await visitor().post('/console/login', form, headers)).headers.get('set-cookie')
    }
    expect(await cookieOf({})).toMatch(
      /^kopilka_staff=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(await cookieOf({ 'x-forwarded-proto': 'https' })).toMatch(
      /^__Host-kopilka_staff=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
  })

  it('ends at once when its account is disabled, and changes with its roles', async () => {
    const { at } = await comeIn()
    await perform(setRoles, { name, role: ['owner', 'auditor'], programmes: [1] }, by())
    expect((await whoAmI(at)).body).toMatchObject({ roles: ['owner', 'auditor'], sees: { programmes: [1] } })
    expect((await at.get('/fleet')).status).toBe(403)
    await perform(disableStaff, { name }, by())
    expect((await whoAmI(at)).status).toBe(401)
    await perform(disableStaff, { name, undo: true }, by())
    expect((await whoAmI(at)).status).toBe(401)
  })

  it('is listed, and ended by its owner one by one or by somebody who may', async () => {
    const { at, password, secret } = await comeIn()
    const other = visitor()
    await signIn(other, password, codeOf(secret))
    const page = (await at.get('/console/account')).text
    const ids = [...page.matchAll(/sessions\/([\w-]+)\/end/g)].map(([, id]) => id ?? '')
    expect(ids).toHaveLength(2)
    const [{ id } = { id: '' }] = await cloud.sql<{ id: string }[]>`
      select id from staff_sessions where token_hash = ${hashSecret(other.cookie().split('=')[1] ?? '')}`
    await at.post(`/console/sessions/${id}/end`, { csrf: csrfIn(page) })
    expect([(await whoAmI(other)).status, (await whoAmI(at)).status]).toEqual([401, 200])
    expect(await perform(signOutStaff, { name }, by())).toEqual({ name, ended: 1 })
    expect((await whoAmI(at)).status).toBe(401)
  })

  it('ends no session of somebody else', async () => {
    const { at } = await comeIn()
    const page = (await at.get('/console/account')).text
    const [{ id } = { id: '' }] = await cloud.sql<{ id: string }[]>`
      select id from staff_sessions where account <> ${name} limit 1`
    await at.post(`/console/sessions/${id}/end`, { csrf: csrfIn(page) })
    expect(await cloud.sql`select from staff_sessions where id = ${id}`).toHaveLength(1)
  })

  it('is idle for half an hour, and lives twelve at most; what a page asks by itself keeps none open', async () => {
    const { at } = await comeIn()
    cloud.clock.now += 29 * MINUTE
    expect((await at.get('/v1/console/session', { 'x-by-page': '1' })).status).toBe(200)
    cloud.clock.now += MINUTE
    expect((await whoAmI(at)).status).toBe(401)
  })

  it('is not opened with a token that somebody brought', async () => {
    const { password, secret } = await comeIn()
    const at = visitor()
    const brought = 'x'.repeat(43)
    const form = { name, password, code: codeOf(secret) }
    await at.post('/console/login', form, { cookie: `kopilka_staff=${brought}` })
    expect(at.cookie()).not.toContain(brought)
    expect((await visitor().get('/v1/console/session', { cookie: `kopilka_staff=${brought}` })).status).toBe(
      401,
    )
  })

  it('does nothing that a foreign page asks', async () => {
    const { at } = await comeIn()
    const page = (await at.get('/console/account')).text
    const foreign = { origin: 'https://evil.test' }
    for (const [path, form] of [
      ['/console/login', { name, password: 'x' }],
      ['/console/welcome', { token: 'x' }],
      ['/console/logout', { csrf: csrfIn(page) }],
    ] as const)
      expect((await at.post(path, form, foreign)).status, path).toBe(403)
    for (const path of ['/console/logout', '/console/second-factor'])
      expect((await at.post(path, { csrf: 'wrong' })).status, path).toBe(403)
    expect((await whoAmI(at)).status).toBe(200)
  })

  it('has pages in no frame, with own files and no script in them', async () => {
    const { at } = await comeIn()
    for (const path of [
      '/console',
      '/console/account',
      '/console/login',
      '/console/welcome',
      '/console/second-factor',
    ]) {
      const { headers, text } = await at.get(path)
      expect(headers.get('content-security-policy'), path).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      )
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(text).not.toMatch(/<script(?![^>]* src=)| style=| on\w+=/)
    }
  })

  it('writes down who came in and how', async () => {
    const { password, secret } = await comeIn()
    await signIn(visitor(), password, codeOf(secret))
    const rows =
      await cloud.sql`select action, who, ip from audit_log where subject = ${`staff ${name}`} order by id`
    expect([...rows]).toEqual([
      { action: 'staff add', who: 'admin:anna', ip: null },
      { action: 'staff link used', who: `owner:${name}`, ip: address },
      { action: 'staff second factor', who: `owner:${name}`, ip: address },
      { action: 'staff sign-in', who: `owner:${name}`, ip: address },
    ])
  })
})
