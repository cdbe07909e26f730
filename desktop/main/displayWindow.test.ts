import { pino } from 'pino'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../register/exchange/testing.ts'
import type * as Stand from './testing/electron.ts'

const second = { id: 2, bounds: { x: 1366, y: 0, width: 1024, height: 768 } }
const URL = 'http://127.0.0.1:5000/#token'

describe('the window before the customer', () => {
  let electron: typeof Stand
  let cashier: InstanceType<typeof Stand.BrowserWindow>
  let url: string | null
  let changed: () => void

  beforeEach(async () => {
    vi.resetModules()
    electron = await import('./testing/electron.ts')
    electron.resetElectron()
    cashier = new electron.BrowserWindow({})
    url = URL
  })
  async function begin() {
    const { showToCustomer } = await import('./displayWindow.ts')
    const display = {
      monitorUrl: () => url,
      subscribe(listener: () => void) {
        changed = listener
      },
    }
    showToCustomer(display, {
      cashier: cashier as unknown as Electron.BrowserWindow,
      clock: createFakeClock(),
      log: pino({ level: 'silent' }),
    })
  }
  const plugIn = () => {
    electron.state.monitors = [second]
    electron.screen.emit('display-added')
  }
  const windows = () => electron.state.windows.slice(1).filter((window) => !window.isDestroyed())

  it('fills the second monitor, locked, without a way into the register, and never takes the focus', async () => {
    electron.state.monitors = [second]
    await begin()
    const [window] = windows()
    if (!window) throw new Error('There is no window.')
    expect(window.webContents.urls).toEqual([URL])
    expect(window.options).toMatchObject({ ...second.bounds, kiosk: true, focusable: false })
    expect(window.options.webPreferences).toMatchObject({ sandbox: true, contextIsolation: true })
    expect(window.options.webPreferences).not.toHaveProperty('preload')
    expect(window.calls).not.toContain('focus')
    const away = { isMainFrame: true, url: 'https://evil.test/' }
    expect(electron.fire(window.webContents, 'will-frame-navigate', away).isPrevented).toBe(true)
  })

  it('is there while there is a second monitor', async () => {
    await begin()
    expect(windows()).toHaveLength(0)
    plugIn()
    plugIn()
    expect(windows()).toHaveLength(1)
    electron.state.monitors = []
    electron.screen.emit('display-removed')
    expect(windows()).toHaveLength(0)
    plugIn()
    expect(windows()).toHaveLength(1)
  })

  it('follows the settings', async () => {
    electron.state.monitors = [second]
    url = null
    await begin()
    expect(windows()).toHaveLength(0)
    url = URL
    changed()
    expect(windows()).toHaveLength(1)
    url = 'http://127.0.0.1:6000/#token'
    changed()
    expect(windows().map(({ webContents }) => webContents.urls)).toEqual([[url]])
    url = null
    changed()
    expect(windows()).toHaveLength(0)
  })

  it('ends with the window of the cashier', async () => {
    electron.state.monitors = [second]
    await begin()
    cashier.destroy()
    expect(windows()).toHaveLength(0)
  })
})
