import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../shared/time.ts'
import { openSession } from '../access/staff/sessions.ts'
import { perform } from '../acts/act.ts'
import { disableStaff, resetStaff } from '../acts/staff.ts'
import { byAdmin } from '../acts/testing.ts'
import { createVisitor } from '../fleet/testing.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'

const HOST = 'localhost:8080'
const ORIGIN = `http://${HOST}`

let cloud: TestCloud
let name: string
let count = 0
beforeAll(async () => {
  cloud = await createTestCloud()
})
afterAll(() => cloud.drop())
beforeEach(async () => {
  count += 1
  name = `olga${count}`
  await cloud.sql`insert into staff (name, roles, created_at) values (${name}, '{finance}', now())`
})

const visitor = (host = HOST) => createVisitor(cloud, { address: `10.1.2.${count}`, host })
type Visitor = ReturnType<typeof visitor>

/** Signed in by password and code. */
async function comeIn(): Promise<{ at: Visitor; headers: { cookie: string }; csrf: string }> {
  const from = { ip: '10.0.0.1', userAgent: 'a browser' }
  const token = await cloud.sql.begin((sql) =>
    openSession(sql, { account: name, isProven: true, from, now: cloud.clock.now }),
  )
  const at = visitor()
  const headers = { cookie: `kopilka_staff=${token}` }
  const csrf = /name="csrf" value="([^"]+)"/.exec((await at.get('/console/account', headers)).text)?.[1] ?? ''
  return { at, headers, csrf }
}

const optionsIn = (page: string): { challenge: string } =>
  JSON.parse((/data-options="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"'))

const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

interface Asked {
  challenge: string
  origin?: string
  host?: string
  /** Whether the device asked its person for anything. */
  isVerified?: boolean
}

/** A device that keeps a key, as the specification of WebAuthn has it. */
function createDevice() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(32)
  let uses = 0
  const clientData = (type: string, { challenge, origin = ORIGIN }: Asked) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
  const authenticatorData = (flags: number, { host = 'localhost', isVerified = true }: Asked) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(uses)
    return Buffer.concat([sha256(host), Buffer.from([flags | 1 | (isVerified ? 4 : 0)]), counter])
  }
  const named = { id: base64url(id), rawId: base64url(id), type: 'public-key', clientExtensionResults: {} }
  return {
    make(asked: Asked) {
      // CBOR: {kty: EC2, alg: ES256, crv: P-256, x, y}, and {fmt: none, attStmt: {}, authData}.
      const coordinate = (name: number, value: string) =>
        Buffer.concat([Buffer.from([name, 0x58, 0x20]), Buffer.from(value, 'base64url')])
      const key = Buffer.concat([
        Buffer.from([0xa5, 1, 2, 3, 0x26, 0x20, 1]),
        coordinate(0x21, x),
        coordinate(0x22, y),
      ])
      const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key])
      const authData = Buffer.concat([authenticatorData(0x40, asked), credential])
      const attestationObject = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        Buffer.from('fmt'),
        Buffer.from([0x64]),
        Buffer.from('none'),
        Buffer.from([0x67]),
        Buffer.from('attStmt'),
        Buffer.from([0xa0, 0x68]),
        Buffer.from('authData'),
        Buffer.from([0x58, authData.length]),
        authData,
      ])
      const clientDataJSON = base64url(clientData('webauthn.create', asked))
      return {
        ...named,
        response: {
          clientDataJSON,
          attestationObject: base64url(attestationObject),
          transports: ['internal'],
        },
      }
    },
    show(asked: Asked) {
      uses += 1
      const said = clientData('webauthn.get', asked)
      const data = authenticatorData(0, asked)
      const signature = sign('sha256', Buffer.concat([data, sha256(said)]), privateKey)
      return {
        ...named,
        response: {
          clientDataJSON: base64url(said),
          authenticatorData: base64url(data),
          signature: base64url(signature),
          userHandle: base64url(Buffer.from(name)),
        },
      }
    },
    /** A copy of it knows how often it was used when it was made. */
    goBack(times: number) {
      uses -= times
    },
  }
}
type Device = ReturnType<typeof createDevice>

async function addKey(device: Device, change: Partial<Asked> = {}) {
  const { at, headers, csrf } = await comeIn()
  const { challenge } = optionsIn((await at.get('/console/passkeys/new', headers)).text)
  const answer = JSON.stringify(device.make({ challenge, ...change }))
  const send = () => at.post('/console/passkeys', { csrf, answer, title: 'Ноутбук' }, headers)
  return { send, status: (await send()).status, at, headers, csrf }
}

async function ask(): Promise<string> {
  return optionsIn((await visitor().get('/console/passkey')).text).challenge
}

async function show(answer: object, at = visitor()) {
  return (await at.post('/console/passkey', { answer: JSON.stringify(answer) })).status
}

const signIn = async (device: Device, change: Partial<Asked> = {}, at = visitor()) =>
  await show(device.show({ challenge: await ask(), ...change }), at)

const whoAmI = async (at: Visitor) => {
  const { status, text } = await at.get('/v1/console/session')
  return { status, body: JSON.parse(text) }
}

describe('a passkey', () => {
  it('is added by who is in, and lets them in again with nothing left to prove', async () => {
    const device = createDevice()
    const { status, at, headers } = await addKey(device)
    expect(status).toBe(303)
    expect((await at.get('/console/account', headers)).text).toContain('Ноутбук')
    const again = visitor()
    expect(await signIn(device, {}, again)).toBe(303)
    expect(await whoAmI(again)).toMatchObject({ status: 200, body: { name } })
    const log = await cloud.sql`
      select action, after from audit_log where subject = ${`staff ${name}`} order by id`
    expect([...log]).toEqual([
      { action: 'staff passkey add', after: { title: 'Ноутбук' } },
      { action: 'staff sign-in', after: { by: 'passkey' } },
    ])
  })

  it.each<[string, Partial<Asked>]>([
    ['for a page of another name', { host: 'evil.test' }],
    ['at another address', { origin: 'http://localhost:9999' }],
    ['by a device that asked nobody', { isVerified: false }],
    ['for what nobody asked', { challenge: base64url(randomBytes(32)) }],
  ])('that was shown %s lets nobody in, and is not added', async (_what, change) => {
    const device = createDevice()
    expect((await addKey(createDevice(), change)).status).toBe(400)
    await addKey(device)
    expect(await signIn(device, change)).toBe(401)
    expect(await signIn(device)).toBe(303)
  })

  it('is asked anew each time: what it has said is good once, and for five minutes', async () => {
    const device = createDevice()
    const { send } = await addKey(device)
    expect((await send()).status).toBe(400)
    const answer = device.show({ challenge: await ask() })
    expect((await Promise.all([show(answer), show(answer), show(answer)])).sort()).toEqual([303, 401, 401])
    const late = device.show({ challenge: await ask() })
    cloud.clock.now += 5 * MINUTE
    expect(await show(late)).toBe(401)
  })

  it('that was asked of one person is not added by another', async () => {
    const { at, headers } = await comeIn()
    const { challenge } = optionsIn((await at.get('/console/passkeys/new', headers)).text)
    await cloud.sql`insert into staff (name, roles, created_at) values (${`${name}b`}, '{finance}', now())`
    name = `${name}b`
    expect((await addKey(createDevice(), { challenge })).status).toBe(400)
    // Nor is what a sign-in asks.
    expect((await addKey(createDevice(), { challenge: await ask() })).status).toBe(400)
  })

  it('that is a copy of one that was used since lets nobody in', async () => {
    const device = createDevice()
    await addKey(device)
    expect([await signIn(device), await signIn(device)]).toEqual([303, 303])
    device.goBack(1)
    expect(await signIn(device)).toBe(401)
    expect(await signIn(device)).toBe(303)
  })

  it('lets nobody in once it is removed, its account is disabled, or the phone was lost', async () => {
    const removed = createDevice()
    const { at, headers, csrf } = await addKey(removed)
    const id = removed.show({ challenge: '' }).id
    const other = visitor()
    await other.post('/console/passkeys/remove', { csrf, id })
    expect(await signIn(removed)).toBe(303)
    expect((await at.post('/console/passkeys/remove', { csrf, id }, headers)).status).toBe(303)
    expect(await signIn(removed)).toBe(401)

    for (const act of [resetStaff, disableStaff]) {
      const device = createDevice()
      await addKey(device)
      expect(await signIn(device)).toBe(303)
      await perform(act, { name }, byAdmin(cloud.sql, cloud.clock.now))
      expect(await signIn(device)).toBe(401)
    }
  })

  it('is nothing that anybody can make up', async () => {
    for (const answer of [
      '',
      '{}',
      '[]',
      'null',
      '{"id":"x"}',
      JSON.stringify(createDevice().show({ challenge: await ask() })),
    ])
      expect((await visitor().post('/console/passkey', { answer })).status).toBe(401)
  })

  it('is asked for by a network only so often, since each time something is kept', async () => {
    const strict = await createTestCloud({ strangers: { perMinute: 60, burst: 2 } })
    const from = (address: string) => createVisitor(strict, { address, host: HOST })
    const statusOf = async (address: string) => (await from(address).get('/console/passkey')).status
    const asked = [await statusOf('10.9.0.1'), await statusOf('10.9.0.1'), await statusOf('10.9.0.1')]
    expect(asked).toEqual([200, 200, 429])
    expect((await strict.sql`select from staff_challenges`).length).toBe(2)
    expect(await statusOf('10.9.0.2')).toBe(200)
    await strict.drop()
  })

  it.each(['', 'localhost, localhost'])('is not offered to who asks for the host "%s"', async (host) => {
    const { status, text } = await visitor('10.0.0.5:8080').get('/console/login', { host })
    expect(status).toBe(200)
    expect(text).not.toContain('/console/passkey')
  })

  it('is not offered where no device would show one', async () => {
    const at = visitor('10.0.0.5:8080')
    expect((await at.get('/console/login')).text).not.toContain('/console/passkey')
    expect((await at.get('/console/passkey')).status).toBe(404)
    expect((await visitor().get('/console/login')).text).toContain('/console/passkey')
  })
})
