import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Snapshot } from '../../shared/bridge.ts'
import { createFakeClock } from '../register/exchange/testing.ts'
import type * as Stand from './testing/electron.ts'

const nobody = { phase: 'idle', sale: null, search: null, customer: null, joined: [] } as unknown as Snapshot
const sale = { purchaseKopecks: 123_456, receipt: null, source: '1c' } as const
const open: Snapshot = { ...nobody, sale }
const searching: Snapshot = { ...open, search: { code: '654321' } }
const ready = { ...open, phase: 'ready', customer: { card: '654321' } } as unknown as Snapshot
const success: Snapshot = { ...ready, phase: 'success', sale: null }

describe('the window beside 1C', () => {
  let electron: typeof Stand
  let window: InstanceType<typeof Stand.BrowserWindow>
  let clock: ReturnType<typeof createFakeClock>
  let tell: (snapshot: Snapshot) => void
  const column = 'bounds 420x728'
  const strip = 'bounds 420x72'

  async function begin(dock: 'left' | 'right' = 'right') {
    vi.resetModules()
    electron = await import('./testing/electron.ts')
    electron.resetElectron()
    const { boundsOf, stayBeside1c } = await import('./companion.ts')
    window = new electron.BrowserWindow(boundsOf(dock, false))
    clock = createFakeClock()
    tell = () => {}
    const register = {
      snapshot: () => nobody,
      subscribe(listener: (snapshot: Snapshot) => void) {
        tell = listener
        return () => {}
      },
    }
    stayBeside1c(window as unknown as Electron.BrowserWindow, register, { dock, clock })
  }
  beforeEach(() => begin())

  const collapse = async () => {
    await clock.advance(20_000)
    expect(window.calls).toContain(strip)
    window.calls = []
  }

  it('stands at either edge of the screen, as high as there is room', async () => {
    const { boundsOf } = await import('./companion.ts')
    expect(boundsOf('right', false)).toEqual({ x: 946, y: 0, width: 420, height: 728 })
    expect(boundsOf('left', false)).toEqual({ x: 0, y: 0, width: 420, height: 728 })
    expect(boundsOf('right', true)).toEqual({ x: 946, y: 656, width: 420, height: 72 })
  })

  it('is a strip while there is nothing to do, and not while an amount is open', async () => {
    tell(open)
    await clock.advance(60_000)
    expect(window.calls).not.toContain(strip)
    tell(nobody)
    await collapse()
  })

  it.each([
    ['an amount', open],
    ['a card that was shown', { ...nobody, search: { code: '654321' } }],
    ['a customer who has joined', { ...nobody, joined: [{ card: '654321', firstName: 'Анна' }] }],
  ])('is raised by %s, and leaves the focus where it is', async (_what, snapshot) => {
    await collapse()
    tell(snapshot)
    expect(window.calls).toEqual([column, 'showInactive'])
    expect(window.isFocused()).toBe(false)
  })

  it('is raised by each who has joined, once, and stays until they are served or hidden', async () => {
    await collapse()
    const joined = { ...nobody, joined: [{ card: '654321', firstName: 'Анна' }] }
    tell(joined)
    tell({ ...joined })
    expect(window.calls).toEqual([column, 'showInactive'])
    await clock.advance(60_000)
    expect(window.calls).not.toContain(strip)
    tell(nobody)
    await collapse()
  })

  it('is raised by a click, and stays while somebody works in it', async () => {
    await collapse()
    window.focus()
    expect(window.calls).toEqual(['focus', column])
    await clock.advance(60_000)
    expect(window.calls).not.toContain(strip)
  })

  it('gives the focus back to 1C once the sale is done', async () => {
    for (const snapshot of [open, searching, ready]) tell(snapshot)
    window.focus()
    tell(success)
    expect(window.calls.at(-1)).toBe('blur')
    expect(window.isFocused()).toBe(false)
    tell(nobody)
    await collapse()
  })

  it('comes to the hand with its hotkey, and goes with it', async () => {
    await collapse()
    const press = electron.state.shortcuts.get('CommandOrControl+Alt+K')
    press?.()
    expect(window.calls).toEqual([column, 'showInactive', 'focus'])
    press?.()
    expect(window.calls.slice(3)).toEqual([strip, 'blur'])
  })
})
