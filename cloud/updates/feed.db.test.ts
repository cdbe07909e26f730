import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashSecret } from '../access/secrets.ts'
import { perform } from '../acts/act.ts'
import { setChannel } from '../acts/registers.ts'
import { changePercent, promoteRelease, pullRelease } from '../acts/releases.ts'
import { publishFolder } from '../admin/releases.ts'
import { houseOf } from '../admin/testing.ts'
import { createTestCloud, type TestCloud } from '../testing/cloud.ts'
import { type FileStore, StoreAway } from './fileStore.ts'
import { openFolderStore } from './folderStore.ts'
import { readManifest } from './manifest.ts'
import { isInRollout } from './rollout.ts'
import { installerBytes, installerName, makeReleaseFolder } from './testing.ts'

let root: string
let store: FileStore
let cloud: TestCloud
let storeId: number
let bytes: Buffer
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kopilka-feed-'))
  store = openFolderStore(join(root, 'files'))
  cloud = await createTestCloud({}, store)
  storeId = await cloud.addStore('Ашукино')
  bytes = await publish('1.0.0', { channel: 'stable' })
})
afterAll(async () => {
  await cloud.drop()
  await rm(root, { recursive: true })
})

const house = () => houseOf(cloud.sql, cloud.clock.now, store)

async function publish(version: string, options: { channel: 'stable' | 'beta'; percent?: number }) {
  const { folder, bytes } = await makeReleaseFolder(root, version, installerBytes(200_000))
  await publishFolder(house(), { folder, percent: 100, ...options })
  return bytes
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  cloud.app.request(`/updates/${path}`, { method, headers })
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer())

/** The version that latest.yml names for who asks; null where it names none. */
async function offered(channel: 'stable' | 'beta', key?: string): Promise<string | null> {
  const response = await get(`${channel}/latest.yml`, key ? { authorization: `Bearer ${key}` } : {})
  if (response.status === 404) return null
  const manifest = readManifest(await response.text())
  if ('problem' in manifest) throw new Error(manifest.problem)
  return manifest.version
}

const setup = `stable/${installerName('1.0.0')}`

test('latest.yml is never kept by anybody in between', async () => {
  const response = await get('stable/latest.yml')
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
})

test('an installer is served whole, for good, and with what a later question needs', async () => {
  const response = await get(setup)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-length': '200000',
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'cache-control': 'public, max-age=31536000, immutable',
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
  })
  expect((await bytesOf(response)).equals(bytes)).toBe(true)
})

test('who has the file already is told so', async () => {
  const etag = (await get(setup)).headers.get('etag') ?? ''
  expect((await get(setup, { 'if-none-match': `"x", W/${etag}` })).status).toBe(304)
  expect((await get(setup, { 'if-none-match': '"x"' })).status).toBe(200)
})

test('HEAD says the same without the bytes', async () => {
  const whole = await get(setup, {}, 'HEAD')
  expect([whole.status, whole.headers.get('content-length'), await whole.text()]).toEqual([200, '200000', ''])
  const piece = await get(setup, { range: 'bytes=0-9' }, 'HEAD')
  expect([piece.status, piece.headers.get('content-length')]).toEqual([206, '10'])
})

test('one range is one piece', async () => {
  const response = await get(setup, { range: 'bytes=100-299' })
  expect([response.status, response.headers.get('content-range')]).toEqual([206, 'bytes 100-299/200000'])
  expect((await bytesOf(response)).equals(bytes.subarray(100, 300))).toBe(true)
})

test('several ranges are one body of several parts, in the order they were asked for', async () => {
  const response = await get(setup, { range: 'bytes=199990-, 0-4, 100-104' })
  expect(response.status).toBe(206)
  const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(
    response.headers.get('content-type') ?? '',
  )?.[1]
  const body = await bytesOf(response)
  expect(body.length).toBe(Number(response.headers.get('content-length')))
  const part = (range: string, start: number, end: number) =>
    `--${boundary}\r\ncontent-type: application/octet-stream\r\ncontent-range: bytes ${range}/200000\r\n\r\n` +
    `${bytes.subarray(start, end).toString('latin1')}\r\n`
  expect(body.toString('latin1')).toBe(
    part('199990-199999', 199_990, 200_000) +
      part('0-4', 0, 5) +
      part('100-104', 100, 105) +
      `--${boundary}--\r\n`,
  )
})

test('pieces are paid for by the register that asks for them, and by the network where nobody says who asks', async () => {
  const limits = { requests: { perMinute: 60, burst: 60 }, strangers: { perMinute: 60, burst: 60 } }
  const strict = await createTestCloud(limits, store)
  const { folder } = await makeReleaseFolder(join(root, 'strict'), '1.0.0', installerBytes(200_000))
  await publishFolder(houseOf(strict.sql, strict.clock.now, store), {
    folder,
    channel: 'stable',
    percent: 100,
  })
  const { key } = await strict.addRegister(await strict.addStore('Ашукино'), 'Касса 1')
  const range = `bytes=${Array.from({ length: 800 }, (_, piece) => `${piece * 9}-${piece * 9}`).join(',')}`
  const statusOf = async (headers: Record<string, string>) =>
    (await strict.app.request(`/updates/${setup}`, { headers })).status
  expect([await statusOf({ range }), await statusOf({ range })]).toEqual([206, 429])
  const ours = { range, authorization: `Bearer ${key}` }
  expect([await statusOf(ours), await statusOf(ours)]).toEqual([206, 429])
  expect([await statusOf({ range: 'bytes=0-9' }), await statusOf({})]).toEqual([206, 200])
  await strict.drop()
})

test('a range outside of the file is refused, and one for another state of the file is ignored', async () => {
  const outside = await get(setup, { range: 'bytes=200000-' })
  expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */200000'])
  // Nobody may keep an answer that is not the file.
  expect([outside.headers.get('cache-control'), outside.headers.get('etag')]).toEqual([null, null])
  expect((await get(setup, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200)
  const etag = (await get(setup)).headers.get('etag') ?? ''
  expect((await get(setup, { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206)
})

test.each([
  'stable/nothing.exe',
  'stable/..%2F..%2Fpackage.json',
  'stable/%2Fetc%2Fpasswd',
  'stable/latest.yml.part',
  'nightly/latest.yml',
  `nightly/${installerName('1.0.0')}`,
  'stable/',
])('there is nothing at %s', async (path) => {
  expect((await get(path)).status).toBe(404)
})

test('a file is found by the name it was published under, not by the one it is stored under', async () => {
  const [stored] = await store.list('Kopilka')
  expect((await get(`stable/${stored}`)).status).toBe(404)
})

test('a rollout has its registers, at any time the same, and nobody who does not say who asks', async () => {
  const registers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => cloud.addRegister(storeId, `Касса ${index}`)),
  )
  await publish('1.1.0', { channel: 'stable', percent: 30 })
  const versions = async () => await Promise.all(registers.map(({ key }) => offered('stable', key)))
  const expected = (percent: number) =>
    registers.map(({ id }) => (isInRollout({ version: '1.1.0', percent }, id) ? '1.1.0' : '1.0.0'))
  expect(await versions()).toEqual(expected(30))
  expect(await versions()).toEqual(expected(30))
  expect(await offered('stable')).toBe('1.0.0')
  expect(await offered('stable', 'kop_unknown')).toBe('1.0.0')

  await perform(changePercent, { version: '1.1.0', channel: 'stable', percent: 60 }, house())
  expect(await versions()).toEqual(expected(60))
  await perform(changePercent, { version: '1.1.0', channel: 'stable', percent: 100 }, house())
  expect(new Set([...(await versions()), await offered('stable')])).toEqual(new Set(['1.1.0']))
})

test('of a thousand registers 8 to 12 % are in at 10 %, and the same ones still at 50 %', async () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `kop_${index}`)
  const hashes = keys.map((key) => `\\x${hashSecret(key).toString('hex')}`)
  await cloud.sql`
    insert into registers (store_id, name, key_hash)
    select ${storeId}, 'Тысяча ' || n, hash from unnest(${hashes}::text[]::bytea[])
      with ordinality as keys (hash, n)`
  // Some at a time: who asks waits 12 seconds at most, and a busy machine does not answer a thousand in that time.
  const inRollout = async (asking: string[]) => {
    const found: string[] = []
    for (let start = 0; start < asking.length; start += 50) {
      const some = asking.slice(start, start + 50)
      const versions = await Promise.all(some.map((key) => offered('stable', key)))
      found.push(...some.filter((_, index) => versions[index] === '1.1.2'))
    }
    return found
  }
  await publish('1.1.2', { channel: 'stable', percent: 10 })
  const first = await inRollout(keys)
  expect(first.length).toBeGreaterThanOrEqual(80)
  expect(first.length).toBeLessThanOrEqual(120)
  await perform(changePercent, { version: '1.1.2', channel: 'stable', percent: 50 }, house())
  expect(await inRollout(first)).toEqual(first)
  const others = keys.filter((key) => !first.includes(key)).slice(0, 100)
  expect((await inRollout(others)).length).toBeGreaterThan(30)
  await perform(pullRelease, { version: '1.1.2' }, house())
  expect(await inRollout(first)).toEqual([])
})

test('a register whose key was revoked gets what all get', async () => {
  const { id, key } = await cloud.addRegister(storeId, 'Отозванная')
  await publish('1.1.1', { channel: 'stable', percent: 99 })
  const before = await offered('stable', key)
  expect(before).toBe(isInRollout({ version: '1.1.1', percent: 99 }, id) ? '1.1.1' : '1.1.0')
  await cloud.sql`update registers set revoked_at = now() where id = ${id}`
  expect(await offered('stable', key)).toBe('1.1.0')
  await perform(pullRelease, { version: '1.1.1' }, house())
})

test('a beta is for registers on beta, which take a newer stable release too', async () => {
  const stable = await cloud.addRegister(storeId, 'Обычная')
  const beta = await cloud.addRegister(storeId, 'Пробная')
  await perform(setChannel, { register: beta.id, channel: 'beta' }, house())
  const { body } = await cloud.request('GET', '/v1/register', { key: beta.key })
  expect(body).toMatchObject({ updateChannel: 'beta' })

  await publish('1.2.0-beta.1', { channel: 'beta' })
  expect(await offered('beta', beta.key)).toBe('1.2.0-beta.1')
  expect(await offered('stable', beta.key)).toBe('1.1.0')
  // Whatever address it asks at: IT has set the channel.
  expect(await offered('beta', stable.key)).toBe('1.1.0')

  await publish('1.2.0', { channel: 'stable' })
  expect(await offered('beta', beta.key)).toBe('1.2.0')
})

test('a promoted beta is on stable, with its own percentage', async () => {
  await publish('1.3.0', { channel: 'beta' })
  expect(await offered('stable')).toBe('1.2.0')
  await perform(promoteRelease, { version: '1.3.0', percent: 0 }, house())
  expect(await offered('stable')).toBe('1.2.0')
  await perform(changePercent, { version: '1.3.0', channel: 'stable', percent: 100 }, house())
  expect(await offered('stable')).toBe('1.3.0')
})

test('a pulled release ends at once: its installer too, but not its blockmap', async () => {
  await publish('1.4.0', { channel: 'stable' })
  expect(await offered('stable')).toBe('1.4.0')
  await perform(pullRelease, { version: '1.4.0' }, house())
  expect(await offered('stable')).toBe('1.3.0')
  const name = installerName('1.4.0')
  expect((await get(`stable/${name}`)).status).toBe(410)
  expect((await get(`stable/${name}.blockmap`)).status).toBe(200)
  expect((await get(setup)).status).toBe(200)
})

test('an installer is for whom its release is offered to, and its blockmap for everybody', async () => {
  const registers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => cloud.addRegister(storeId, `Пробная ${index}`)),
  )
  for (const { id } of registers.slice(2))
    await perform(setChannel, { register: id, channel: 'beta' }, house())
  await publish('1.5.0', { channel: 'beta', percent: 50 })
  const name = installerName('1.5.0')
  const statusOf = async (path: string, key?: string) => {
    const response = await get(path, key ? { authorization: `Bearer ${key}` } : {})
    await response.body?.cancel()
    return [response.status, response.headers.get('cache-control')?.split(',')[0]]
  }
  const isIn = (id: number) => isInRollout({ version: '1.5.0', percent: 50 }, id)
  const inRollout = registers.slice(2).find(({ id }) => isIn(id))
  const outside = registers.slice(2).find(({ id }) => !isIn(id))

  expect(await statusOf(`beta/${name}`, inRollout?.key)).toEqual([200, 'private'])
  expect(await offered('beta', inRollout?.key)).toBe('1.5.0')
  for (const [path, key] of [
    [`beta/${name}`, outside?.key],
    [`beta/${name}`, undefined],
    [`beta/${name}`, 'kop_unknown'],
    [`beta/${name}`, registers[0]?.key], // IT has it on stable
    [`stable/${name}`, inRollout?.key],
    [`stable/${name}`, undefined],
  ] as const)
    expect((await statusOf(path, key))[0], `${path} ${key}`).toBe(404)
  for (const path of [`stable/${name}.blockmap`, `beta/${name}.blockmap`])
    expect(await statusOf(path)).toEqual([200, 'public'])

  // A newer one does not break off a download that goes on.
  await publish('1.6.0', { channel: 'beta' })
  expect(await offered('beta', inRollout?.key)).toBe('1.6.0')
  expect((await statusOf(`beta/${name}`, inRollout?.key))[0]).toBe(200)
  expect(await statusOf(`beta/${installerName('1.6.0')}`)).toEqual([200, 'public'])
  expect((await statusOf(`stable/${installerName('1.6.0')}`))[0]).toBe(404)

  await perform(promoteRelease, { version: '1.5.0', percent: 100 }, house())
  expect(await statusOf(`stable/${name}`)).toEqual([200, 'public'])
  await perform(pullRelease, { version: '1.5.0' }, house())
  expect((await statusOf(`stable/${name}`, inRollout?.key))[0]).toBe(410)
  expect((await statusOf(`beta/${name}`, outside?.key))[0]).toBe(410)
  expect((await statusOf(`stable/${name}.blockmap`))[0]).toBe(200)
})

test('a store that is away is told before a byte is promised', async () => {
  const away: FileStore = {
    ...store,
    read: () =>
      ReadableStream.from([]).pipeThrough(
        new TransformStream({ flush: () => Promise.reject(new StoreAway('nobody there')) }),
      ),
  }
  const blind = await createTestCloud({}, away)
  const { folder } = await makeReleaseFolder(join(root, 'away'), '1.0.0', installerBytes(1000))
  await publishFolder(houseOf(blind.sql, blind.clock.now, store), {
    folder,
    channel: 'stable',
    percent: 100,
  })
  const response = await blind.app.request(`/updates/${setup}`)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '60'])
  await blind.drop()
})

test('a reader who leaves is read for no longer', async () => {
  let isLeft = false
  const endless: FileStore = {
    ...store,
    async *read() {
      try {
        for (;;) yield bytes.subarray(0, 1000)
      } finally {
        isLeft = true
      }
    },
  }
  const watched = await createTestCloud({}, endless)
  const { folder } = await makeReleaseFolder(join(root, 'left'), '1.0.0', installerBytes(1000))
  await publishFolder(houseOf(watched.sql, watched.clock.now, store), {
    folder,
    channel: 'stable',
    percent: 100,
  })
  const response = await watched.app.request(`/updates/${setup}`)
  const reader = response.body?.getReader()
  await reader?.read()
  expect(isLeft).toBe(false)
  await reader?.cancel()
  expect(isLeft).toBe(true)
  await watched.drop()
})

test('a blockmap comes back as it was published', async () => {
  const response = await get(`${setup}.blockmap`)
  const made = await readFile(join(root, '1.0.0', `${installerName('1.0.0')}.blockmap`))
  expect((await bytesOf(response)).equals(made)).toBe(true)
})
