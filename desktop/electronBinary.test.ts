import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findElectron } from './electronBinary.ts'

describe('the program of Electron', () => {
  let folder: string
  let said: string[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kopilka-binary-'))
    said = []
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const find = () => findElectron((line) => said.push(line), folder)
  const path = () => join(folder, 'dist', 'electron')

  it('is taken where it lies', async () => {
    mkdirSync(join(folder, 'dist'))
    writeFileSync(path(), '')
    writeFileSync(join(folder, 'path.txt'), 'electron')
    expect(await find()).toEqual({ path: path() })
    expect(said).toEqual([])
  })

  it('is fetched by its own installer, and that is said', async () => {
    writeFileSync(
      join(folder, 'install.js'),
      `const { mkdirSync, writeFileSync } = require('node:fs')
       mkdirSync(__dirname + '/dist')
       writeFileSync(__dirname + '/dist/electron', '')
       writeFileSync(__dirname + '/path.txt', 'electron')`,
    )
    expect(await find()).toEqual({ path: path() })
    expect(said).toEqual([expect.stringContaining('Fetching Electron')])
  })

  it.each([
    ['fails', `console.error('getaddrinfo ENOTFOUND\\n  at'); process.exit(1)`, 'getaddrinfo ENOTFOUND'],
    ['leaves nothing', '', 'left no program'],
  ])('is missing when the installer %s', async (_how, installer, reason) => {
    writeFileSync(join(folder, 'install.js'), installer)
    expect(await find()).toEqual({ missing: expect.stringContaining(reason) })
  })

  it('is missing where its package is', async () => {
    expect(await findElectron(() => {}, null)).toEqual({ missing: 'the package electron is not installed' })
  })
})
