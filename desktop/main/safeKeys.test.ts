import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, createMemoryFiles, type MemoryFiles } from '../register/exchange/testing.ts'
import type { KeyStore } from '../register/settings/keys.ts'
import { safeKeys } from './safeKeys.ts'
import { resetElectron, state } from './testing/electron.ts'

describe('the key of the register', () => {
  let files: MemoryFiles
  let keys: KeyStore
  let lines: string[]
  beforeEach(() => {
    resetElectron()
    files = createMemoryFiles(createFakeClock(), 'data')
    lines = []
    const log = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line).msg) })
    keys = safeKeys({ dataFolder: 'data', files, log })
  })

  const names = () => files.list('data')

  it('lies encrypted in a file, and nowhere else', async () => {
    expect(await keys.load()).toBe(null)
    await keys.save('secret-key')
    expect(await names()).toEqual(['key.safe'])
    expect(files.text(join('data', 'key.safe'))).not.toContain('secret-key')
    expect(await keys.load()).toBe('secret-key')
    expect(lines).toEqual([])
  })

  it('is missing when another user of the machine cannot decrypt it, and is there again for the first', async () => {
    await keys.save('secret-key')
    state.safe.user = 'another'
    expect(await keys.load()).toBe(null)
    expect(lines).toEqual(['the key cannot be decrypted: enrol the register again'])
    expect(await names()).toEqual(['key.safe'])
    state.safe.user = 'cashier'
    expect(await keys.load()).toBe('secret-key')
  })

  it('lies in a plain file where the system encrypts nothing, and the log says so', async () => {
    state.safe.isAvailable = false
    await keys.save('secret-key')
    expect(await names()).toEqual(['key'])
    expect(lines).toEqual([expect.stringContaining('lies in a plain file')])
    expect(await keys.load()).toBe('secret-key')
  })

  it('moves from the plain file of another shell into the safe', async () => {
    await keys.save('old-key')
    files.put(join('data', 'key'), 'new-key\n')
    expect(await keys.load()).toBe('new-key')
    expect(await names()).toEqual(['key.safe'])
    expect(await keys.load()).toBe('new-key')
  })
})
