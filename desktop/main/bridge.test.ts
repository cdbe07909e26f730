import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { commandSchemas, type RegisterApi, type Snapshot } from '../../shared/bridge.ts'
import { COMMAND_CHANNEL, SNAPSHOT_CHANNEL } from '../preload/channels.ts'
import { registerOver } from '../preload/registerOver.ts'
import { ORIGIN } from './address.ts'
import { offerRegister } from './bridge.ts'
import { BrowserWindow, frameOf, ipcFrom, ipcRenderer, resetElectron } from './testing/electron.ts'

const log = pino({ level: 'silent' })
const snapshotOf = (phase: string) => ({ phase }) as unknown as Snapshot

describe('the register over the two sides of Electron', () => {
  let window: BrowserWindow
  let asked: [name: string, input: unknown][]
  let push: (snapshot: Snapshot) => void
  let screen: RegisterApi
  beforeEach(async () => {
    resetElectron()
    asked = []
    const command = (name: string) => async (input: unknown) => {
      asked.push([name, input])
      return { ok: true, value: null }
    }
    const register = {
      ...Object.fromEntries(Object.keys(commandSchemas).map((name) => [name, command(name)])),
      snapshot: () => snapshotOf('idle'),
      subscribe(listener: typeof push) {
        push = listener
        return () => {}
      },
    } as unknown as RegisterApi
    window = new BrowserWindow({})
    await window.loadURL(`${ORIGIN}/`)
    const contents = window.webContents as unknown as Electron.WebContents
    offerRegister(register, contents, { log, onScreen: () => asked.push(['screen', null]) })
    screen = registerOver(ipcRenderer as unknown as Electron.IpcRenderer)
  })

  it('says that the screen is there when it asks for its first snapshot', () => {
    expect(asked).toEqual([])
    screen.snapshot()
    expect(asked).toEqual([['screen', null]])
  })

  it('carries every command there and its reply back', async () => {
    const names = Object.keys(commandSchemas) as (keyof typeof commandSchemas)[]
    for (const name of names) {
      const ask = screen[name] as (input: unknown) => Promise<unknown>
      expect(await ask({ of: name })).toEqual({ ok: true, value: null })
    }
    expect(asked).toEqual(names.map((name) => [name, { of: name }]))
  })

  it('shows the snapshot of now, and every later one, until nobody listens', () => {
    expect(screen.snapshot()).toEqual({ phase: 'idle' })
    const seen: Snapshot[] = []
    const unsubscribe = screen.subscribe((snapshot) => seen.push(snapshot))
    push(snapshotOf('ready'))
    expect(screen.snapshot()).toEqual({ phase: 'ready' })
    unsubscribe()
    push(snapshotOf('success'))
    expect(seen).toEqual([{ phase: 'ready' }])
    expect(screen.snapshot()).toEqual({ phase: 'success' })
  })

  it('pushes nothing into a window that is gone', () => {
    window.webContents.isGone = true
    expect(() => push(snapshotOf('ready'))).not.toThrow()
  })

  it.each([
    ['a page from elsewhere', () => ipcFrom(window.webContents, frameOf('https://evil.test/'))],
    ['a page that only starts like ours', () => ipcFrom(window.webContents, frameOf(`${ORIGIN}.evil.test/`))],
    ['a file', () => ipcFrom(window.webContents, frameOf('file:///C:/page.html'))],
    [
      'a frame inside our page',
      () => ipcFrom(window.webContents, frameOf(`${ORIGIN}/x`, frameOf(`${ORIGIN}/`))),
    ],
    ['another window', () => ipcFrom(new BrowserWindow({}).webContents, frameOf(`${ORIGIN}/`))],
  ])('answers nothing to %s', async (_who, stranger) => {
    await expect(stranger().invoke(COMMAND_CHANNEL, 'cancel', {})).rejects.toThrow('Only the screen')
    expect(stranger().sendSync(SNAPSHOT_CHANNEL)).toBe(null)
    expect(asked).toEqual([])
  })

  it.each(['snapshot', 'subscribe', 'stop', 'constructor', '__proto__', '', 7, null])(
    'knows no command %j',
    async (name) => {
      await expect(ipcFrom().invoke(COMMAND_CHANNEL, name, {})).rejects.toThrow()
      expect(asked).toEqual([])
    },
  )
})
