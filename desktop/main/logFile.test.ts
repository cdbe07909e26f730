import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLogFile } from './logFile.ts'

describe('the log file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kopilka-log-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = () => openLogFile({ path: join(folder, 'logs', 'kiosk.log'), limitBytes: 6, files: 3 })
  const contents = () =>
    Object.fromEntries(
      readdirSync(join(folder, 'logs')).map((name) => [
        name,
        readFileSync(join(folder, 'logs', name), 'utf8'),
      ]),
    )

  it('goes on in the next file when one is full, also after a start, and keeps the newest', () => {
    const first = open()
    for (const line of ['1aa\n', '2aa\n', '3aa\n']) first.write(line)
    expect(contents()).toEqual({ 'kiosk.log': '3aa\n', 'kiosk.1.log': '1aa\n2aa\n' })
    const second = open()
    for (const line of ['4aa\n', '5aa\n', '6aa\n', '7aa\n']) second.write(line)
    expect(contents()).toEqual({
      'kiosk.log': '7aa\n',
      'kiosk.1.log': '5aa\n6aa\n',
      'kiosk.2.log': '3aa\n4aa\n',
    })
  })

  it('stops nobody when it cannot be written', () => {
    writeFileSync(join(folder, 'logs'), 'a file where the folder should be')
    expect(() => open().write('1\n')).not.toThrow()
  })
})
