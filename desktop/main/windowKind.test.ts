import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemFiles } from '../register/machine/files.ts'
import { createLog } from '../register/machine/log.ts'
import { rememberWindow } from './windowKind.ts'

let dataFolder: string
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'kopilka-window-'))
})
afterEach(() => rm(dataFolder, { recursive: true }))

const start = (said?: 'kiosk' | 'normal') =>
  rememberWindow(said, { dataFolder, files: systemFiles, log: createLog('silent') })

it('is a kiosk when nobody has ever said anything', async () => {
  expect(await start()).toBe('kiosk')
})

it('stays what was said, until something else is said', async () => {
  expect(await start('normal')).toBe('normal')
  expect(await start()).toBe('normal')
  expect(await start('kiosk')).toBe('kiosk')
  expect(await start()).toBe('kiosk')
})

it('is a kiosk where what was kept cannot be read', async () => {
  await writeFile(join(dataFolder, 'window'), 'half of a wor')
  expect(await start()).toBe('kiosk')
})

it('stops no till, whatever lies in its place', async () => {
  await mkdir(join(dataFolder, 'window'))
  expect(await start()).toBe('kiosk')
  expect(await start('normal')).toBe('normal')
})
