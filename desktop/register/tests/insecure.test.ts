import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { feedOf } from '../../main/updates/feed.ts'
import { systemFiles } from '../machine/files.ts'
import { openRegister, type Register, type RegisterOptions } from '../register.ts'
import { keyFile } from '../settings/keys.ts'
import { openSettings } from '../settings/settings.ts'
import { when } from '../testing.ts'
import { systemClock } from '../time/clock.ts'

const log = pino({ level: 'silent' })
const OFF_THIS_MACHINE = 'http://points.example'

describe('a cloud that is not encrypted, on another machine', () => {
  let root: string
  let dataFolder: string
  let asked: string[]
  let registers: Register[]
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-http-'))
    dataFolder = join(root, 'data')
    asked = []
    registers = []
  })
  afterEach(async () => {
    for (const register of registers) await register.stop()
    rmSync(root, { recursive: true })
  })

  const keys = () => keyFile({ dataFolder, files: systemFiles })
  async function start(commandLine: RegisterOptions['commandLine'] = {}): Promise<Register> {
    const register = await openRegister({
      dataFolder,
      commandLine: { exchange: join(root, 'exchange'), ...commandLine },
      keys: keys(),
      files: systemFiles,
      clock: systemClock,
      async fetch(input) {
        asked.push(new URL(String(input)).origin)
        throw new TypeError('fetch failed')
      },
      random: Math.random,
      log,
      version: '0.0.0',
    })
    registers.push(register)
    return register
  }
  /** As a version that knew no better left it. */
  async function keepFromBefore(): Promise<void> {
    await openSettings({ dataFolder, files: systemFiles, log }).change({ cloudUrl: OFF_THIS_MACHINE })
    await keys().save('kop_1')
  }
  const asksTheCloud = () => vi.waitFor(() => expect(asked).toContain(OFF_THIS_MACHINE), { timeout: 30_000 })

  it('is refused by the form, in words, and the code is not sent', async () => {
    const register = await start()
    const enrol = { code: 'ABCD2345', exchangeFolder: join(root, 'exchange') }
    expect(await register.enrol({ ...enrol, cloudUrl: OFF_THIS_MACHINE })).toMatchObject({
      code: 'not_https',
    })
    expect(asked).toEqual([])
    expect(await register.enrol({ ...enrol, cloudUrl: 'http://127.0.0.1:9' })).toMatchObject({
      code: 'cloud_away',
    })
    expect(asked).toEqual(['http://127.0.0.1:9'])
  })

  it('kept from before is not spoken to: the register says why, and earns on', async () => {
    await keepFromBefore()
    const register = await start()
    const { notices } = await when(register, ({ cloud }) => cloud.line === 'offline')
    expect(notices).toMatchObject([{ code: 'cloud_not_https', text: OFF_THIS_MACHINE }])
    await register.findCustomer({ code: '654321' })
    await when(register, ({ customer }) => customer !== null)
    await register.typeAmount({ purchaseKopecks: 100_000 })
    expect(await register.earn({ purchaseKopecks: 100_000 })).toMatchObject({ ok: true })
    await when(register, ({ act, cloud }) => act?.type === 'success' && act.isQueued && cloud.queued === 1)
    expect(asked).toEqual([])
    expect(await feedOf({ dataFolder, files: systemFiles, keys: keys(), log })).toBe(null)
  })

  it('is spoken to once somebody has said that it may be, and at every later start', async () => {
    await keepFromBefore()
    const first = await start({ insecure: true })
    await asksTheCloud()
    expect(first.snapshot().notices).toEqual([])
    await first.stop()
    registers = []
    asked = []
    await start()
    await asksTheCloud()
    expect(await feedOf({ dataFolder, files: systemFiles, keys: keys(), log })).toMatchObject({
      key: 'kop_1',
    })
  })
})
