import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock, type FakeClock } from '../register/exchange/testing.ts'
import { reviveScreen } from './revive.ts'
import { supportUrl } from './supportPage.ts'
import { BrowserWindow, resetElectron } from './testing/electron.ts'

describe('a screen that dies', () => {
  let clock: FakeClock
  let contents: BrowserWindow['webContents']
  beforeEach(() => {
    resetElectron()
    clock = createFakeClock()
    contents = new BrowserWindow({}).webContents
    reviveScreen(contents as unknown as Electron.WebContents, { clock, log: pino({ level: 'silent' }) })
  })

  async function die(reason = 'crashed'): Promise<void> {
    contents.emit('render-process-gone', {}, { reason, exitCode: 1 })
    await clock.advance(1000)
  }

  it('is loaded again three times within a minute; then there is the support page, and then nothing more', async () => {
    for (const _ of [1, 2, 3]) await die()
    expect(contents).toMatchObject({ reloads: 3, urls: [] })
    await die()
    expect(contents).toMatchObject({ reloads: 3, urls: [supportUrl('screen')] })
    for (const _ of [1, 2, 3]) await die()
    expect(contents).toMatchObject({ reloads: 3, urls: [supportUrl('screen')] })
  })

  it('is loaded again for ever when it dies now and then', async () => {
    for (let time = 0; time < 20; time += 1) {
      await die()
      await clock.advance(20_000)
    }
    expect(contents).toMatchObject({ reloads: 20, urls: [] })
  })

  it('has its minute anew after a quiet one', async () => {
    for (const _ of [1, 2, 3, 4]) await die()
    await clock.advance(60_000)
    await die()
    expect(contents).toMatchObject({ reloads: 4 })
  })

  it('is ended when it hangs, and loaded again as after any death', async () => {
    contents.emit('unresponsive')
    await clock.advance(1000)
    expect(contents).toMatchObject({ crashes: 1, reloads: 1 })
  })

  it('is left alone when it ended well or its window is closed', async () => {
    await die('clean-exit')
    contents.isGone = true
    await die()
    expect(contents).toMatchObject({ reloads: 0, urls: [] })
  })
})
