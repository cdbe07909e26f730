import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { REGISTER, SIGNALS_ASK, startTill } from '../crash/tillProcess.ts'
import { until } from '../crash/until.ts'
import { openRegister, type RegisterOptions } from '../register.ts'
import { keyFile } from '../settings/keys.ts'
import { systemClock } from '../time/clock.ts'
import { systemFiles } from './files.ts'

/** On Windows the folders of a user are that user's, by its own rights. */
const KNOWS_NO_MODES = process.platform === 'win32'
const NO_CLOUD = 'http://127.0.0.1:9'

describe('the data folder', () => {
  let root: string
  let dataFolder: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-data-'))
    dataFolder = join(root, 'data')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const start = (commandLine: RegisterOptions['commandLine'] = {}) =>
    openRegister({
      dataFolder,
      commandLine: { exchange: join(root, 'exchange'), ...commandLine },
      keys: keyFile({ dataFolder, files: systemFiles }),
      files: systemFiles,
      clock: systemClock,
      fetch: async () => Promise.reject(new TypeError('fetch failed')),
      random: Math.random,
      log: pino({ level: 'silent' }),
      version: '0.0.0',
    })
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
  const namesIn = (folder: string) => readdirSync(folder).sort()

  async function liveOnce(): Promise<string[]> {
    const register = await start({ cloud: NO_CLOUD, key: 'kop_1' })
    await register.writeDiagnostics({})
    const names = namesIn(dataFolder)
    const open = names.filter((name) => modeOf(join(dataFolder, name)) !== '600')
    await register.stop()
    expect(names).toEqual(
      expect.arrayContaining(['customers.sqlite-wal', 'key', 'outbox.sqlite-wal', 'settings.json']),
    )
    return open
  }

  it.skipIf(KNOWS_NO_MODES)(
    'is made for this user of the machine alone, and so is all that lies in it',
    async () => {
      expect(await liveOnce()).toEqual([])
      expect(modeOf(dataFolder)).toBe('700')
    },
  )

  it.skipIf(KNOWS_NO_MODES)('and what was open to others is closed at the next start', async () => {
    await liveOnce()
    chmodSync(dataFolder, 0o755)
    for (const name of namesIn(dataFolder)) chmodSync(join(dataFolder, name), 0o644)
    expect(await liveOnce()).toEqual([])
    expect(modeOf(dataFolder)).toBe('700')
  })

  it.skipIf(KNOWS_NO_MODES)('that others use too is left as it is', async () => {
    mkdirSync(dataFolder, { mode: 0o755 })
    writeFileSync(join(dataFolder, 'report.txt'), 'of somebody else')
    expect(await liveOnce()).toEqual(['report.txt'])
    expect(modeOf(dataFolder)).toBe('755')
  })

  it('leaves the files of the exchange to 1C, which may be another user', async () => {
    const register = await start()
    expect(await register.testExchange({ folder: join(root, 'exchange') })).toMatchObject({ ok: true })
    await systemFiles.writeDurably(join(root, 'exchange', 'discount.x'), new Uint8Array(1))
    expect(modeOf(join(root, 'exchange', 'discount.x'))).toBe((0o666 & ~process.umask()).toString(8))
    await register.stop()
  })

  it('belongs to the first register: a second one says so, ends, and has written nothing', async () => {
    const options = { cloud: NO_CLOUD, exchange: join(root, 'exchange'), data: dataFolder }
    const first = startTill({ ...options, key: 'kop_first' }, REGISTER)
    await first.isReady
    const kept = () => ['key', 'settings.json'].map((name) => readFileSync(join(dataFolder, name), 'utf8'))
    const before = kept()
    const second = startTill({ ...options, cloud: 'https://other.test', key: 'kop_second' }, REGISTER)
    const { code, complaint } = await second.ended
    expect(complaint.trim().split('\n')).toEqual([expect.stringContaining('Another register is running')])
    expect(complaint).toContain(dataFolder)
    expect(complaint).toContain(`process ${first.pid}`)
    expect(code).toBe(1)
    expect(kept()).toEqual(before)
    await first.end('SIGTERM')
    // Where no signal asks, it ended as if by a crash.
    if (SIGNALS_ASK)
      await until(() => !namesIn(dataFolder).includes('outbox.sqlite-wal'), 'the journal is closed')
  })
})
