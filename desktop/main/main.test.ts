import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RegisterApi } from '../../shared/bridge.ts'
import { registerOver } from '../preload/registerOver.ts'
import type * as Stand from './testing/electron.ts'

// A machine under load makes a real register slow, not wrong.
const PATIENCE = { timeout: 30_000 }

describe('the Electron shell', () => {
  let root: string
  let data: string
  let electron: typeof Stand
  const argv = process.argv
  const faults = ['uncaughtException', 'unhandledRejection'] as const
  const others = faults.map((name) => process.listeners(name as 'uncaughtException'))

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'kopilka-shell-'))
    data = join(root, 'data')
    vi.resetModules()
    // The real one brings the real Electron on Windows, and looks for updates there.
    vi.doMock('./updates/updater.ts', () => ({ systemUpdater: () => null }))
    electron = await import('./testing/electron.ts')
    vi.spyOn(console, 'log').mockImplementation(() => {})
  })
  afterEach(async () => {
    process.argv = argv
    vi.restoreAllMocks()
    electron.app.emit('before-quit', { preventDefault() {} })
    await vi.waitFor(() => expect(electron.state.exitCode).not.toBe(null), PATIENCE)
    for (const [index, name] of faults.entries())
      for (const listener of process.listeners(name as 'uncaughtException'))
        if (!others[index]?.includes(listener)) process.off(name, listener)
    rmSync(root, { recursive: true })
  }, PATIENCE.timeout)

  async function start(...args: string[]): Promise<void> {
    process.argv = ['electron', root, '--data', data, '--exchange', join(root, 'exchange'), ...args]
    await import('./main.ts')
    electron.state.ready.resolve()
  }
  const window = () => {
    const [first] = electron.state.windows
    if (!first) throw new Error('There is no window.')
    return first
  }
  const isShown = () => vi.waitFor(() => expect(console.log).toHaveBeenCalledWith('KIOSK electron'), PATIENCE)

  it('shows its register in one locked window, and lets it stop before it ends', async () => {
    await start()
    await isShown()
    const { state } = electron
    expect(state.windows).toHaveLength(1)
    expect(window().webContents.urls).toEqual(['app://kopilka/'])
    expect(window().options).toMatchObject({
      kiosk: true,
      fullscreen: true,
      webPreferences: {
        preload: join('/app', 'dist/preload/preload.cjs'),
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        devTools: true,
        autoplayPolicy: 'no-user-gesture-required',
      },
    })
    expect(state.paths).toMatchObject({ userData: data, sessionData: join(data, 'chromium') })
    expect(state.powerSaveBlocker).toBe('prevent-display-sleep')
    expect(state.loginItem).toBe(null)

    const screen: RegisterApi = registerOver(electron.ipcRenderer as unknown as Electron.IpcRenderer)
    expect(screen.snapshot()).toMatchObject({ phase: 'idle', cloud: { line: 'not_enrolled' } })
    expect(await screen.typeAmount({ purchaseKopecks: 0 })).toMatchObject({ ok: false, code: 'malformed' })
    const seen: string[] = []
    screen.subscribe(({ phase }) => seen.push(phase))
    await screen.findCustomer({ code: '654321' })
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), PATIENCE)

    electron.app.emit('second-instance', {})
    expect(window().calls).toEqual(['restore', 'show', 'focus'])

    electron.fire(electron.app, 'before-quit')
    await vi.waitFor(() => expect(state.exitCode).toBe(0), PATIENCE)
    expect(existsSync(join(data, 'outbox.sqlite'))).toBe(true)
    expect(readFileSync(join(data, 'logs', 'kiosk.log'), 'utf8')).toContain('stopping')
  })

  it('is packaged without tools and menu, and starts with Windows on the same data', async () => {
    electron.state.isPackaged = true
    await start('--window', 'normal')
    await isShown()
    expect(window().options).toMatchObject({ minWidth: 1260, webPreferences: { devTools: false } })
    expect(window().options).not.toHaveProperty('kiosk')
    expect(electron.state.hasMenu).toBe(false)
    expect(electron.state.loginItem).toEqual({
      openAtLogin: true,
      name: 'Kopilka',
      args: [`--data="${data}"`],
    })
  })

  it('stands beside 1C, above it, in a column that is kept for the next start', async () => {
    await start('--window', 'companion-right')
    await isShown()
    expect(window().options).toMatchObject({
      ...{ x: 946, y: 0, width: 420, height: 728, minWidth: 380, maxWidth: 480 },
      alwaysOnTop: true,
    })
    expect(window().options).not.toHaveProperty('kiosk')
    expect(readFileSync(join(data, 'window'), 'utf8')).toBe('companion-right')
    writeFileSync(join(root, 'exchange', 'amount.json'), '{"amount": 1234.56}')
    await vi.waitFor(() => expect(window().calls).toContain('showInactive'), PATIENCE)
    // Whoever types into 1C goes on typing there.
    expect(window().calls).not.toContain('focus')
  })

  it('leaves the register to the first start of a data folder', async () => {
    electron.state.isFirstInstance = false
    await start()
    await new Promise((resolve) => setImmediate(resolve))
    expect(electron.state.exitCode).toBe(0)
    expect(electron.state.windows).toEqual([])
    expect(existsSync(join(data, 'outbox.sqlite'))).toBe(false)
  })

  it('shows the support page where the register cannot start, and logs why', async () => {
    writeFileSync(join(root, 'exchange'), 'a file where the folder should be')
    await start()
    await vi.waitFor(
      () => expect(window().webContents.urls).toEqual(['app://kopilka/support?register']),
      PATIENCE,
    )
    const log = readFileSync(join(data, 'logs', 'kiosk.log'), 'utf8')
    expect(log).toContain('the register did not start')
    electron.state.exitCode = 1
  })
})
