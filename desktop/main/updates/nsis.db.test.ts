import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { hashSecret } from '../../../cloud/access/secrets.ts'
import { perform } from '../../../cloud/acts/act.ts'
import { setChannel } from '../../../cloud/acts/registers.ts'
import { changePercent, pullRelease } from '../../../cloud/acts/releases.ts'
import { publishFolder } from '../../../cloud/admin/releases.ts'
import { houseOf } from '../../../cloud/admin/testing.ts'
import { createTestDatabase, type TestDatabase } from '../../../cloud/database/testing.ts'
import { type CloudProcess, startCloudProcess } from '../../../cloud/testing/process.ts'
import { openFolderStore } from '../../../cloud/updates/folderStore.ts'
import { storedName } from '../../../cloud/updates/releases.ts'
import { isInRollout } from '../../../cloud/updates/rollout.ts'
import {
  changedBytes,
  installerBytes,
  installerName,
  makeReleaseFolder,
} from '../../../cloud/updates/testing.ts'
import { createFakeClock } from '../../register/exchange/testing.ts'
import { systemFiles } from '../../register/machine/files.ts'
import { keyFile } from '../../register/settings/keys.ts'
import { openSettings } from '../../register/settings/settings.ts'
import { systemClock } from '../../register/time/clock.ts'
import type { QuitTo } from '../quit.ts'
import { NotVerified } from './installer.ts'
import { nsisInstaller } from './nsis.ts'
import { openUpdates } from './open.ts'
import { leaveInstalled, openRealUpdater, PUBLISHER } from './testing/realUpdater.ts'

const log = pino({ level: 'silent' })

describe('the real updater against the running cloud', () => {
  let root: string
  let database: TestDatabase
  let cloud: CloudProcess
  const bytesOf: Record<string, Buffer> = {}
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kopilka-updater-'))
    database = await createTestDatabase()
    cloud = await startCloudProcess({ DATABASE_URL: database.url, UPDATES_FOLDER: join(root, 'store') })
    await database.sql`insert into stores (name) values ('Ашукино')`
    const first = installerBytes()
    await publish('1.0.0', first)
    await publish('1.1.0', changedBytes(first))
  })
  afterAll(async () => {
    await cloud?.stop()
    await database.drop()
    await rm(root, { recursive: true })
  })

  const store = () => openFolderStore(join(root, 'store'))
  const house = () => houseOf(database.sql, Date.now(), store())

  async function publish(
    version: string,
    bytes: Buffer,
    { channel = 'stable', percent = 100 }: { channel?: 'stable' | 'beta'; percent?: number } = {},
  ): Promise<void> {
    bytesOf[version] = bytes
    const { folder } = await makeReleaseFolder(join(root, 'made'), version, bytes)
    await publishFolder(house(), { folder, channel, percent })
  }

  let folder: string
  let machines = 0
  beforeEach(() => {
    machines += 1
    folder = join(root, `machine ${machines}`)
  })
  const pulledVersions: string[] = []
  afterEach(async () => {
    for (const version of pulledVersions.splice(0)) await perform(pullRelease, { version }, house())
  })

  async function openKiosk(options: Partial<Parameters<typeof openRealUpdater>[0]> = {}) {
    const quits: (() => Promise<boolean>)[] = []
    const clock = createFakeClock()
    const real = await openRealUpdater({ folder, version: '1.0.0', ...options })
    const installer = nsisInstaller({
      updater: real.updater,
      clock,
      log,
      quitTo: async (last) => void quits.push(last),
    })
    return { ...real, installer, quits, clock }
  }
  const feed = (channel = 'stable', key: string | null = null) => ({
    url: `${cloud.url}/updates/${channel}/`,
    key,
  })
  const pending = (version: string) => readFile(join(folder, 'cache', 'pending', installerName(version)))

  it('finds a newer version, fetches the whole of it, and looks at its publisher', async () => {
    const { installer, requests, asked } = await openKiosk()
    expect(await installer.find(feed())).toBe('1.1.0')
    const percents: number[] = []
    await installer.fetch((percent) => percents.push(percent))
    expect((await pending('1.1.0')).equals(bytesOf['1.1.0'] ?? Buffer.alloc(0))).toBe(true)
    expect(asked).toEqual([
      { publishers: [PUBLISHER], path: expect.stringContaining('temp-Kopilka-Setup-1.1.0.exe') },
    ])
    expect(requests.map(({ path, range }) => [path, range])).toEqual([
      [expect.stringContaining('/updates/stable/latest.yml'), undefined],
      ['/updates/stable/Kopilka-Setup-1.1.0.exe', undefined],
    ])
    expect(percents.at(-1)).toBe(100)
  })

  it('fetches only what differs from the installer it came by, in one request with several ranges', async () => {
    await leaveInstalled(folder, bytesOf['1.0.0'] ?? Buffer.alloc(0))
    const { installer, requests, asked } = await openKiosk({ isDifferential: true })
    expect(await installer.find(feed())).toBe('1.1.0')
    await installer.fetch(() => {})
    expect((await pending('1.1.0')).equals(bytesOf['1.1.0'] ?? Buffer.alloc(0))).toBe(true)
    expect(requests.map(({ path }) => path)).toEqual([
      expect.stringContaining('/updates/stable/latest.yml'),
      '/updates/stable/Kopilka-Setup-1.1.0.exe.blockmap',
      '/updates/stable/Kopilka-Setup-1.0.0.exe.blockmap',
      '/updates/stable/Kopilka-Setup-1.1.0.exe',
    ])
    const [pieces] = requests.slice(-1)
    expect(pieces?.range).toMatch(/^bytes=\d+-\d+, \d+-\d+/)
    expect(pieces?.receivedBytes).toBeLessThan((bytesOf['1.1.0']?.length ?? 0) / 4)
    expect(asked).toHaveLength(1)
  })

  it('fetches nothing again that lies here already, after a restart too', async () => {
    await leaveInstalled(folder, bytesOf['1.0.0'] ?? Buffer.alloc(0))
    const first = await openKiosk({ isDifferential: true })
    await first.installer.find(feed())
    await first.installer.fetch(() => {})
    await first.installer.find(feed())
    await first.installer.fetch(() => {})
    const restarted = await openKiosk({ isDifferential: true })
    await restarted.installer.find(feed())
    await restarted.installer.fetch(() => {})
    const fetched = [...first.requests, ...restarted.requests].filter(({ path }) => path.endsWith('.exe'))
    expect(fetched).toHaveLength(1)
  })

  it('notices that what lay here is not what was fetched, and fetches it again', async () => {
    const { installer } = await openKiosk()
    await installer.find(feed())
    await installer.fetch(() => {})
    await writeFile(join(folder, 'cache', 'pending', installerName('1.1.0')), 'what a virus left')
    await installer.find(feed())
    await expect(installer.fetch(() => {})).rejects.toThrow(NotVerified)
    await installer.find(feed())
    await installer.fetch(() => {})
    expect((await pending('1.1.0')).equals(bytesOf['1.1.0'] ?? Buffer.alloc(0))).toBe(true)
  })

  it('finds nothing where it has the newest, and never goes back', async () => {
    expect(await (await openKiosk({ version: '1.1.0' })).installer.find(feed())).toBe(null)
    const newer = await openKiosk({ version: '9.0.0' })
    expect(await newer.installer.find(feed())).toBe(null)
    expect(newer.updater.allowDowngrade).toBe(false)
    expect(await newer.installer.find(feed('beta'))).toBe(null)
    expect(newer.updater.allowDowngrade).toBe(false)
  })

  it('refuses a file that was tampered with after it was published', async () => {
    await publish('1.2.0', installerBytes(300_000))
    pulledVersions.push('1.2.0')
    const [row] = await database.sql<{ sha512: Buffer }[]>`
      select sha512 from release_files where version = '1.2.0' and kind = 'installer'`
    const stored = storedName({ name: installerName('1.2.0'), sha512: row?.sha512 ?? Buffer.alloc(64) })
    const forged = Buffer.from(bytesOf['1.2.0'] ?? Buffer.alloc(0))
    forged.write('another program', 1000)
    await writeFile(join(root, 'store', stored), forged)

    const { installer, asked } = await openKiosk()
    expect(await installer.find(feed())).toBe('1.2.0')
    await expect(installer.fetch(() => {})).rejects.toThrow(NotVerified)
    await expect(pending('1.2.0')).rejects.toThrow('ENOENT')
    // The checksum did not even let it come to the signature.
    expect(asked).toEqual([])
  })

  it('refuses another publisher, and keeps nothing of what came', async () => {
    const { installer } = await openKiosk({
      verify: async () => 'publisherNames: Somebody else',
    })
    await installer.find(feed())
    await expect(installer.fetch(() => {})).rejects.toThrow(NotVerified)
    await expect(pending('1.1.0')).rejects.toThrow('ENOENT')
    await expect(installer.verify()).rejects.toThrow('nothing was fetched')
  })

  it('looks at no publisher only where none was packaged', async () => {
    const { installer, asked } = await openKiosk({ publisher: null })
    await installer.find(feed())
    await installer.fetch(() => {})
    expect(asked).toEqual([])
  })

  it('obeys the channel and the percentage, as the key says who asks', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `kop_${index}`)
    for (const [index, key] of keys.entries())
      await database.sql`
        insert into registers (store_id, name, key_hash) values (1, ${`Касса ${index}`}, ${hashSecret(key)})`
    const found = async (channel: string, key: string | null) =>
      await (await openKiosk()).installer.find(feed(channel, key))
    const ofRollout = async () => await Promise.all(keys.map((key) => found('stable', key)))
    const expected = (percent: number) =>
      keys.map((_, index) => (isInRollout({ version: '1.3.0', percent }, index + 1) ? '1.3.0' : '1.1.0'))

    await publish('1.3.0', installerBytes(50_000), { percent: 10 })
    pulledVersions.push('1.3.0')
    expect(await ofRollout()).toEqual(expected(10))
    await perform(changePercent, { version: '1.3.0', channel: 'stable', percent: 50 }, house())
    expect(await ofRollout()).toEqual(expected(50))
    expect(expected(50).filter((version) => version === '1.3.0').length).toBeGreaterThan(5)
    expect(await found('stable', null)).toBe('1.1.0')

    await publish('1.4.0-beta.1', installerBytes(50_000), { channel: 'beta' })
    pulledVersions.push('1.4.0-beta.1')
    await perform(setChannel, { register: 1, channel: 'beta' }, house())
    expect(await found('beta', 'kop_0')).toBe('1.4.0-beta.1')
    expect(['1.1.0', '1.3.0']).toContain(await found('beta', 'kop_1'))
  })

  it('starts the installer as the last thing, silently, and so that the kiosk comes back', async () => {
    const { installer, updater, quits, clock } = await openKiosk()
    const installs: unknown[] = []
    updater.install = (...how) => {
      installs.push(how)
      return true
    }
    await installer.find(feed())
    await installer.fetch(() => {})
    await installer.verify()
    await installer.install()
    expect(installs).toEqual([])
    const started = quits[0]?.()
    await clock.advance(1500)
    expect([await started, installs]).toEqual([true, [[true, true]]])

    updater.install = () => {
      setImmediate(() => updater.emit('error', new Error('the antivirus took it')))
      return true
    }
    expect(await quits[0]?.()).toBe(false)
    updater.install = () => false
    expect(await quits[0]?.()).toBe(false)
    expect(updater.autoInstallOnAppQuit).toBe(false)
  })

  it('notices before it ends anything that the installer was taken away', async () => {
    const { installer } = await openKiosk()
    await installer.find(feed())
    await installer.fetch(() => {})
    await rm(join(folder, 'cache', 'pending', installerName('1.1.0')))
    await expect(installer.verify()).rejects.toThrow(NotVerified)
  })

  it('goes the whole way: from what the register was told to an installer that is started, and to the version after it', async () => {
    const key = 'kop_whole_way'
    await database.sql`
      insert into registers (store_id, name, key_hash) values (1, 'Касса', ${hashSecret(key)})`
    const settings = openSettings({ dataFolder: folder, files: systemFiles, log })
    await settings.change({ cloudUrl: cloud.url })
    await keyFile({ dataFolder: folder, files: systemFiles }).save(key)
    await leaveInstalled(folder, bytesOf['1.0.0'] ?? Buffer.alloc(0))
    const quit = Promise.withResolvers<void>()
    const open = async (version: string, quitTo: QuitTo) => {
      const { updater, requests } = await openRealUpdater({ folder, version, isDifferential: true })
      const keys = keyFile({ dataFolder: folder, files: systemFiles })
      const around = { dataFolder: folder, files: systemFiles, keys, clock: systemClock, log }
      const updates = await openUpdates({ ...around, updater, version, quitTo })
      return { updates, requests }
    }

    const { updates, requests } = await open('1.0.0', async () => quit.resolve())
    const states = new Set<string>()
    updates.subscribe(() => states.add(updates.state().state))
    updates.begin({ isFree: () => true })
    await updates.ready()
    expect(updates.askNow()).toBe(null)
    await quit.promise
    updates.stop()
    expect([...states]).toEqual(['checking', 'downloading', 'installing'])
    expect(requests.at(-1)?.receivedBytes).toBeLessThan((bytesOf['1.1.0']?.length ?? 0) / 4)

    // The power goes while the installer works: the version before starts again, and knows of the attempt.
    const again = await open('1.0.0', async () => {})
    expect(await readFile(join(folder, 'updates.json'), 'utf8')).toContain('"version": "1.1.0"')
    expect(again.updates.failures()).toEqual([])
    const next = await open('1.1.0', async () => {})
    await next.updates.ready()
    again.updates.stop()
    next.updates.stop()
    expect(JSON.parse(await readFile(join(folder, 'updates.json'), 'utf8'))).toEqual({
      version: '1.1.0',
      isProven: true,
      failedStarts: 0,
      attempt: null,
      refused: {},
    })
  })

  it('killed as its installer begins, starts whole, knows of the attempt, and may be told again', async () => {
    await openSettings({ dataFolder: folder, files: systemFiles, log }).change({ cloudUrl: cloud.url })
    const killed = testProcess('installProcess.ts', folder)
    expect(await once(killed, 'close')).toEqual([null, 'SIGKILL'])

    const { updater, requests } = await openRealUpdater({ folder, version: '1.0.0' })
    const keys = keyFile({ dataFolder: folder, files: systemFiles })
    const quit = Promise.withResolvers<void>()
    const quitTo = async () => quit.resolve()
    const around = { dataFolder: folder, files: systemFiles, keys, clock: systemClock, log }
    const updates = await openUpdates({ ...around, updater, version: '1.0.0', quitTo })
    expect(updates.failures()).toEqual([])
    updates.begin({ isFree: () => true })
    updates.askNow()
    await quit.promise
    updates.stop()
    // What was fetched in the life before is whole, and not fetched again.
    expect(requests.map(({ path }) => path)).toEqual([expect.stringContaining('latest.yml')])
    expect(JSON.parse(await readFile(join(folder, 'updates.json'), 'utf8'))).toMatchObject({
      attempt: { version: '1.1.0', count: 2 },
      refused: {},
    })
  })

  it('killed in the middle of a download finds at its next start nothing that is half', async () => {
    const { proxy, url, stalled } = await openStallingProxy(cloud.url, { afterBytes: 400_000 })
    const killed = testProcess('fetchProcess.ts', folder, `${url}/updates/stable/`)
    await stalled
    const half = join(folder, 'cache', 'pending', `temp-${installerName('1.1.0')}`)
    await vi.waitFor(async () => expect((await stat(half)).size).toBeGreaterThan(0), { timeout: 30_000 })
    killed.kill('SIGKILL')
    await once(killed, 'close')
    proxy.close()
    proxy.closeAllConnections()
    expect((await stat(half)).size).toBeLessThan(bytesOf['1.1.0']?.length ?? 0)
    await expect(pending('1.1.0')).rejects.toThrow('ENOENT')

    const next = testProcess('fetchProcess.ts', folder, `${cloud.url}/updates/stable/`)
    expect(await text(next.stdout)).toBe('found 1.1.0\nfetched\n')
    expect((await pending('1.1.0')).equals(bytesOf['1.1.0'] ?? Buffer.alloc(0))).toBe(true)
  })
})

function testProcess(script: string, ...args: string[]) {
  return spawn(process.execPath, [join(import.meta.dirname, 'testing', script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** Hands on what the cloud sends, and from some byte of an installer on nothing any more. */
async function openStallingProxy(target: string, { afterBytes }: { afterBytes: number }) {
  const reached = Promise.withResolvers<void>()
  const proxy = createServer((incoming, outgoing) => {
    const onward = request(`${target}${incoming.url}`, { headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      let sent = 0
      answer.on('data', (chunk: Buffer) => {
        sent += chunk.length
        if (!incoming.url?.endsWith('.exe') || sent < afterBytes) return void outgoing.write(chunk)
        answer.pause()
        reached.resolve()
      })
      answer.on('end', () => outgoing.end())
    })
    onward.on('error', () => outgoing.destroy())
    onward.end()
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    proxy,
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stalled: reached.promise,
  }
}
