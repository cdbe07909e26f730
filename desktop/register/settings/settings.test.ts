import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemFiles } from '../machine/files.ts'
import { openSettings } from './settings.ts'

const log = pino({ level: 'silent' })

describe('the settings of a register', () => {
  let dataFolder: string
  beforeEach(() => {
    dataFolder = mkdtempSync(join(tmpdir(), 'kopilka-settings-'))
  })
  afterEach(() => rmSync(dataFolder, { recursive: true }))
  const open = () => openSettings({ dataFolder, files: systemFiles, log })

  it('keep every change of many that come at once, also for the next start', async () => {
    const settings = open()
    await Promise.all([
      settings.change({ cloudUrl: 'http://one.test' }),
      settings.change({ exchangeFolder: '/exchange' }),
      settings.change({ known: null }),
      settings.change({ cloudUrl: 'http://two.test' }),
    ])
    const kept = { cloudUrl: 'http://two.test', exchangeFolder: '/exchange' }
    expect(settings.current()).toMatchObject(kept)
    expect(open().current()).toMatchObject(kept)
  })

  it('go on after a change that could not be saved', async () => {
    let isBroken = true
    const files = {
      ...systemFiles,
      rename: (from: string, to: string) =>
        isBroken ? Promise.reject(new Error('EIO')) : systemFiles.rename(from, to),
    }
    const settings = openSettings({ dataFolder, files, log })
    await expect(settings.change({ exchangeFolder: '/lost' })).rejects.toThrow('EIO')
    isBroken = false
    await settings.change({ cloudUrl: 'http://one.test' })
    expect(open().current()).toMatchObject({ cloudUrl: 'http://one.test', exchangeFolder: 'C:\\loyalty' })
  })

  it('that are damaged count as none, and the register starts', () => {
    writeFileSync(join(dataFolder, 'settings.json'), '{"cloudUrl": 7')
    expect(open().current()).toMatchObject({ cloudUrl: null, pin: null })
  })
})
