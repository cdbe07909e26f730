import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../shared/time.ts'
import { perform } from '../acts/act.ts'
import { removeAccount, renewPassword } from '../acts/staff.ts'
import { byAdmin } from '../acts/testing.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { createVisitor, makeAccount } from './testing.ts'

describe('the sign-in of IT', () => {
  let cloud: TestCloud
  let name: string
  let password: string
  let address: string
  let count = 0
  beforeAll(async () => {
    cloud = await createTestCloud()
  })
  afterAll(() => cloud.drop())
  beforeEach(async () => {
    count += 1
    name = `anna${count}`
    address = `10.0.1.${count}`
    password = await makeAccount(cloud, name)
  })
  const visitor = () => createVisitor(cloud, { address })
  const hour = 60 * MINUTE

  it('opens the fleet to who has the password, and to nobody else', async () => {
    const anna = visitor()
    for (const path of [
      '/fleet',
      '/fleet/registers/1',
      '/fleet/registers/1/revoke',
      '/fleet/registers/1/diagnostics/1',
    ]) {
      const { status, headers } = await anna.get(path)
      expect([status, headers.get('location')], path).toEqual([303, '/fleet/login'])
    }
    expect((await anna.get('/fleet/table')).status).toBe(401)
    expect((await anna.get('/fleet/registers/1/live')).status).toBe(401)
    const { status, text } = await anna.signIn(name, 'wrong')
    expect([status, anna.cookie()]).toEqual([401, ''])
    expect(text).toContain('Имя или пароль не подходит.')
    expect((await anna.signIn(` ${name.toUpperCase()} `, password)).headers.get('location')).toBe('/fleet')
    expect((await anna.get('/fleet')).status).toBe(200)
  })

  it.each([
    ['over plain http', {}, false],
    ['over TLS, as a proxy says', { 'x-forwarded-proto': 'https' }, true],
  ])('gives a cookie that only this site sends, and no script reads: %s', async (_how, headers, isSecure) => {
    const reply = await visitor().signIn(name, password, headers)
    const cookie = reply.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/^kopilka_it=[\w-]{43}; Max-Age=43200; Path=\/fleet; HttpOnly; /)
    expect(cookie).toContain('SameSite=Strict')
    expect(cookie.includes('Secure')).toBe(isSecure)
    const token = /=([\w-]+);/.exec(cookie)?.[1] ?? ''
    const [row] =
      await cloud.sql`select encode(token_hash, 'escape') as kept from staff_sessions where account = ${name}`
    expect(row?.kept).not.toContain(token)
  })

  it('allows nothing but own files on its pages', async () => {
    const { headers } = await visitor().get('/fleet/login')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    const api = await cloud.request('GET', '/health')
    expect(api.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'")
  })

  it('serves its own files to everybody, to be kept, and no others', async () => {
    const page = (await visitor().get('/fleet/login')).text
    const paths = [...page.matchAll(/(?:href|src)="(\/(?:fleet\/)?assets\/[^"]+)"/g)].map(
      ([, path]) => path ?? '',
    )
    expect(new Set(paths).size).toBe(3)
    for (const path of paths) {
      const { status, headers } = await visitor().get(path)
      expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    }
    expect((await visitor().get('/fleet/assets/assets.ts')).status).toBe(404)
  })

  describe('after five wrong passwords', () => {
    const wrongly = (times: number, by = visitor(), who = name) =>
      Array.from({ length: times }).reduce<Promise<number[]>>(
        async (statuses) => [...(await statuses), (await by.signIn(who, 'wrong')).status],
        Promise.resolve([]),
      )

    it('is closed for 15 minutes, with the right password too', async () => {
      expect(await wrongly(5)).toEqual([401, 401, 401, 401, 401])
      const { status, text } = await visitor().signIn(name, password)
      expect(status).toBe(429)
      expect(text).toContain('Слишком много неверных паролей')
      cloud.clock.now += 15 * MINUTE - 1
      expect((await visitor().signIn(name, password)).status).toBe(429)
      cloud.clock.now += 1
      expect((await visitor().signIn(name, password)).status).toBe(303)
    })

    it('is not closed to the owner of the name, however many others guess it', async () => {
      for (let other = 1; other <= 3; other += 1)
        await wrongly(5, createVisitor(cloud, { address: `10.${other}.2.${count}` }))
      expect((await visitor().signIn(name, password)).status).toBe(303)
    })

    it('is closed to all addresses of one IPv6 network, and to no other network', async () => {
      const at = (address: string) => createVisitor(cloud, { address })
      for (let host = 1; host <= 5; host += 1) await wrongly(1, at(`2001:db8:${count}:2::${host}`))
      expect((await at(`2001:db8:${count}:2:9::9`).signIn(name, password)).status).toBe(429)
      expect((await at(`2001:db8:${count}:3::1`).signIn(name, password)).status).toBe(303)
    })

    it('is closed for a name, also where somebody signs in by another one in between', async () => {
      const own = `boris${count}`
      const ownPassword = await makeAccount(cloud, own)
      await wrongly(3)
      expect((await visitor().signIn(own, ownPassword)).status).toBe(303)
      await wrongly(2)
      expect((await visitor().signIn(name, password)).status).toBe(429)
      expect((await visitor().signIn(own, ownPassword)).status).toBe(303)
    })

    it('is closed to the address, whatever names it tries', async () => {
      const names = ['nobody', 'root', 'Анна', '\0', 'x'.repeat(90)]
      for (const who of names) expect(await wrongly(1, visitor(), who)).toEqual([401])
      expect((await visitor().signIn(name, password)).status).toBe(429)
      const elsewhere = createVisitor(cloud, { address: `10.0.3.${count}` })
      expect((await elsewhere.signIn(name, password)).status).toBe(303)
    })

    it('is closed also to guesses that come all at once', async () => {
      const replies = await Promise.all(Array.from({ length: 12 }, () => visitor().signIn(name, 'wrong')))
      const statuses = replies.map(({ status }) => status)
      expect(statuses.filter((status) => status === 401)).toHaveLength(5)
      expect(statuses.filter((status) => status === 429)).toHaveLength(7)
    })

    it('looks at few passwords at a time, and sends the rest away to come again', async () => {
      const dear = `olga${count}`
      const dearPassword = await makeAccount(cloud, dear, { isDear: true })
      const replies = await Promise.all(
        Array.from({ length: 60 }, (_, other) =>
          createVisitor(cloud, { address: `10.9.${count}.${other}` }).signIn(dear, 'wrong'),
        ),
      )
      const looked = replies.filter(({ status }) => status === 401)
      const sentAway = replies.filter(({ status }) => status === 429)
      expect(looked.length + sentAway.length).toBe(60)
      expect(looked.length).toBeGreaterThanOrEqual(8)
      expect(looked.length).toBeLessThan(20)
      for (const { headers } of sentAway) expect(headers.get('retry-after')).toBe('4')
      expect((await visitor().signIn(dear, dearPassword)).status).toBe(303)
    })

    it('has nothing to do with a form that is none', async () => {
      const type = 'multipart/form-data; boundary=x'
      const { status } = await visitor().post('/fleet/login', {}, { 'content-type': type })
      expect(status).toBe(400)
    })

    it('is closed before the form is read to a network that sends what is wrong', async () => {
      const strict = await createTestCloud({ strangers: { perMinute: 60, burst: 3 } })
      const anna = await makeAccount(strict, 'anna')
      const from = (far: string) => createVisitor(strict, { address: far })
      const type = { 'content-type': 'multipart/form-data; boundary=x' }
      for (let time = 1; time <= 3; time += 1)
        expect((await from('10.0.0.9').post('/fleet/login', {}, type)).status).toBe(400)
      expect((await from('10.0.0.9').signIn('anna', anna)).status).toBe(429)
      for (let time = 1; time <= 5; time += 1)
        expect((await from('10.0.0.8').signIn('anna', anna)).status).toBe(303)
      await strict.drop()
    })

    it('is not closed by four: a right one begins the count anew', async () => {
      await wrongly(4)
      expect((await visitor().signIn(name, password)).status).toBe(303)
      expect(await wrongly(4)).toEqual([401, 401, 401, 401])
    })

    it('takes the address from a proxy on this machine, and from nobody else', async () => {
      const from = (forwarded: string) => ({ 'x-forwarded-for': forwarded })
      const proxy = createVisitor(cloud, { address: '127.0.0.1' })
      const [far, near] = [`192.0.2.${count}`, `198.51.100.${count}`]
      for (let time = 1; time <= 5; time += 1)
        await proxy.signIn(`x${time}`, 'wrong', from(`1.1.1.${time}, ${far}`))
      expect((await proxy.signIn(name, password, from(far))).status).toBe(429)
      expect((await proxy.signIn(name, password, from(near))).status).toBe(303)
      const liar = createVisitor(cloud, { address: far })
      expect((await liar.signIn(name, password, from(near))).status).toBe(429)
    })
  })

  describe('a session', () => {
    it('ends after half an hour without a person; what the page does by itself is none', async () => {
      const anna = visitor()
      await anna.signIn(name, password)
      cloud.clock.now += 29 * MINUTE
      expect((await anna.get('/fleet')).status).toBe(200)
      cloud.clock.now += 29 * MINUTE
      expect((await anna.get('/fleet/table')).status).toBe(200)
      cloud.clock.now += MINUTE
      expect((await anna.get('/fleet/table')).status).toBe(401)
      expect((await anna.get('/fleet')).status).toBe(303)
    })

    it('ends after twelve hours, however busy', async () => {
      const anna = visitor()
      await anna.signIn(name, password)
      for (let passed = 0; passed < 12 * hour - 20 * MINUTE; passed += 20 * MINUTE) {
        cloud.clock.now += 20 * MINUTE
        expect((await anna.get('/fleet')).status).toBe(200)
      }
      cloud.clock.now += 20 * MINUTE
      expect((await anna.get('/fleet')).status).toBe(303)
    })

    it('ends when it is signed out, with a new password, and with its account', async () => {
      const anna = visitor()
      const isOpen = async () => (await anna.get('/fleet')).status === 200
      await anna.signIn(name, password)
      const cookie = anna.cookie()
      await anna.post('/fleet/logout', { csrf: await anna.csrf() })
      expect((await visitor().get('/fleet', { cookie })).status).toBe(303)

      await anna.signIn(name, password)
      expect(await isOpen()).toBe(true)
      const renewed = await perform(renewPassword, { name }, byAdmin(cloud.sql))
      expect(await isOpen()).toBe(false)

      await anna.signIn(name, renewed?.password ?? '')
      expect(await isOpen()).toBe(true)
      await perform(removeAccount, { name }, byAdmin(cloud.sql))
      expect(await isOpen()).toBe(false)
    })
  })

  it('writes down who signed in from where, and never a password', async () => {
    await visitor().signIn(name, password, { 'user-agent': 'a browser' })
    await visitor().signIn(name, 'a wrong one')
    const rows =
      await cloud.sql`select action, who, subject, ip, user_agent from audit_log where subject = ${`staff ${name}`} order by id`
    expect(rows).toEqual([
      { action: 'it add', who: 'admin:anna', subject: `staff ${name}`, ip: null, user_agent: null },
      {
        action: 'staff sign-in',
        who: `it:${name}`,
        subject: `staff ${name}`,
        ip: address,
        user_agent: 'a browser',
      },
    ])
    const everything = JSON.stringify([await cloud.sql`select * from audit_log`, cloud.lines])
    for (const secret of [password, 'a wrong one']) expect(everything).not.toContain(secret)
  })
})
