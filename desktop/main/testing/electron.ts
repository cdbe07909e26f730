import { EventEmitter } from 'node:events'
import type Electron from 'electron'

// Stands in for the module `electron` in unit tests: as much of it as the shell uses, without a browser. What
// goes between the processes is cloned as the real one does, and tests fire the events.

type Handler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown
type PermissionRequest = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
type PermissionCheck = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>
type ProtocolHandler = Parameters<Electron.Protocol['handle']>[1]
type Frame = Pick<Electron.WebFrameMain, 'origin' | 'url'> & { parent: Frame | null }

export const frameOf = (url: string, parent: Frame | null = null): Frame => ({
  url,
  origin: url.split('/').slice(0, 3).join('/'),
  parent,
})

function createState() {
  return {
    isPackaged: false,
    isFirstInstance: true,
    paths: { appData: '/appdata' } as Record<string, string>,
    appPath: '/app',
    exitCode: null as number | null,
    relaunches: 0,
    loginItem: null as Electron.Settings | null,
    powerSaveBlocker: null as string | null,
    hasMenu: true,
    errorBox: null as string | null,
    schemes: [] as Electron.CustomScheme[],
    protocols: new Map<string, ProtocolHandler>(),
    commands: new Map<string, Handler>(),
    permissionRequest: null as PermissionRequest | null,
    permissionCheck: null as PermissionCheck | null,
    exposed: {} as Record<string, unknown>,
    shortcuts: new Map<string, () => void>(),
    windows: [] as BrowserWindow[],
    monitors: [] as { id: number; bounds: Electron.Rectangle }[],
    safe: { isAvailable: true, user: 'cashier' },
    ready: Promise.withResolvers<void>(),
  }
}

/** What the code under test did to Electron, and how this Electron behaves. */
export const state = createState()

export function resetElectron(): void {
  for (const emitter of [app, ipcMain, ipcRenderer, screen]) emitter.removeAllListeners()
  session.defaultSession.removeAllListeners()
  Object.assign(state, createState())
}

/** An event whose default can be prevented, as it came back from the listeners. */
export function fire(emitter: EventEmitter, name: string, details: object = {}, ...args: unknown[]) {
  const event = {
    ...details,
    isPrevented: false,
    preventDefault: () => Object.assign(event, { isPrevented: true }),
  }
  emitter.emit(name, event, ...args)
  return event
}

class WebContents extends EventEmitter {
  urls: string[] = []
  reloads = 0
  crashes = 0
  isGone = false
  frame = frameOf('about:blank')
  openWindow: Parameters<Electron.WebContents['setWindowOpenHandler']>[0] = () => ({ action: 'allow' })

  setWindowOpenHandler(handler: typeof this.openWindow): void {
    this.openWindow = handler
  }
  async loadURL(url: string): Promise<void> {
    this.urls.push(url)
    this.frame = frameOf(url)
  }
  reload(): void {
    this.reloads += 1
  }
  forcefullyCrashRenderer(): void {
    this.crashes += 1
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 1 })
  }
  isDestroyed(): boolean {
    return this.isGone
  }
  send(channel: string, ...args: unknown[]): void {
    if (this.isGone) throw new TypeError('Object has been destroyed')
    ipcRenderer.emit(channel, {}, ...structuredClone(args))
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents()
  calls: string[] = []
  options: Electron.BrowserWindowConstructorOptions

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super()
    this.options = options
    state.windows.push(this)
  }
  loadURL = (url: string) => this.webContents.loadURL(url)
  isDestroyed = () => this.webContents.isDestroyed()
  destroy = () => {
    this.webContents.isGone = true
    this.emit('closed')
  }
  isMinimized = () => true
  restore = () => this.calls.push('restore')
  show = () => this.calls.push('show')
  focus = () => {
    this.calls.push('focus')
    this.hasFocus = true
    this.emit('focus')
  }
  hasFocus = false
  isFocused = () => this.hasFocus
  blur = () => {
    this.calls.push('blur')
    this.hasFocus = false
    this.emit('blur')
  }
  showInactive = () => this.calls.push('showInactive')
  bounds: Partial<Electron.Rectangle> = {}
  getBounds = () => ({
    x: 0,
    y: 0,
    width: this.options.width ?? 0,
    height: this.options.height ?? 0,
    ...this.bounds,
  })
  setBounds = (bounds: Partial<Electron.Rectangle>) => {
    this.bounds = { ...this.bounds, ...bounds }
    this.calls.push(`bounds ${this.getBounds().width}x${this.getBounds().height}`)
  }
}

const first = { id: 1, workArea: { x: 0, y: 0, width: 1366, height: 728 } }
/** The monitors beside the first. */
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => first,
  getAllDisplays: () => [first, ...state.monitors],
})

export const globalShortcut = {
  register: (key: string, act: () => void) => void state.shortcuts.set(key, act),
}

class App extends EventEmitter {
  get isPackaged() {
    return state.isPackaged
  }
  whenReady = () => state.ready.promise
  getAppPath = () => state.appPath
  getPath = (name: string) => state.paths[name] ?? ''
  setPath = (name: string, path: string) => void Object.assign(state.paths, { [name]: path })
  requestSingleInstanceLock = () => state.isFirstInstance
  setLoginItemSettings = (settings: Electron.Settings) => void Object.assign(state, { loginItem: settings })
  getVersion = () => '0.0.0'
  relaunch = () => void Object.assign(state, { relaunches: state.relaunches + 1 })
  exit = (code = 0) => void Object.assign(state, { exitCode: code })
}
export const app = new App()

/** The window that the preload's calls come from: the first, unless a test says otherwise. */
function sender(from: WebContents | undefined, frame: Frame | undefined) {
  const contents = from ?? state.windows[0]?.webContents
  return { sender: contents, senderFrame: frame ?? contents?.frame }
}

export const ipcMain = Object.assign(new EventEmitter(), {
  handle: (channel: string, handler: Handler) => void state.commands.set(channel, handler),
})

export function ipcFrom(from?: WebContents, frame?: Frame) {
  return {
    async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const handler = state.commands.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      const event = sender(from, frame) as unknown as Electron.IpcMainInvokeEvent
      return structuredClone(await handler(event, ...structuredClone(args)))
    },
    sendSync(channel: string, ...args: unknown[]): unknown {
      const event = { ...sender(from, frame), returnValue: undefined as unknown }
      ipcMain.emit(channel, event, ...structuredClone(args))
      if (event.returnValue === undefined) throw new Error('The page would stand still for ever.')
      return structuredClone(event.returnValue)
    },
  }
}

export const ipcRenderer = Object.assign(new EventEmitter(), ipcFrom())

export const contextBridge = {
  exposeInMainWorld: (name, api: unknown) => void Object.assign(state.exposed, { [name]: api }),
} satisfies Pick<Electron.ContextBridge, 'exposeInMainWorld'>

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => void state.schemes.push(...schemes),
  handle: (scheme, handler) => void state.protocols.set(scheme, handler),
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>

export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: PermissionRequest) =>
      void Object.assign(state, { permissionRequest: handler }),
    setPermissionCheckHandler: (handler: PermissionCheck) =>
      void Object.assign(state, { permissionCheck: handler }),
    setDevicePermissionHandler: () => {},
  }),
}

export const safeStorage = {
  getSelectedStorageBackend: () => (state.safe.isAvailable ? 'gnome_libsecret' : 'basic_text'),
  isAsyncEncryptionAvailable: async () => state.safe.isAvailable,
  encryptStringAsync: async (text) =>
    Buffer.from(JSON.stringify([state.safe.user, Buffer.from(text).toString('hex')])),
  async decryptStringAsync(encrypted) {
    const [user, hex] = JSON.parse(encrypted.toString()) as [string, string]
    if (!state.safe.isAvailable || user !== state.safe.user)
      throw new Error('Error while decrypting the ciphertext.')
    return { result: Buffer.from(hex, 'hex').toString(), shouldReEncrypt: false }
  },
} satisfies Partial<Electron.SafeStorage>

export const powerSaveBlocker = {
  start(type) {
    state.powerSaveBlocker = type
    return 1
  },
} satisfies Partial<Electron.PowerSaveBlocker>

export const Menu = {
  setApplicationMenu: (menu: null) => void Object.assign(state, { hasMenu: menu !== null }),
}

export const dialog = {
  showErrorBox: (_title, content) => void Object.assign(state, { errorBox: content }),
} satisfies Partial<Electron.Dialog>
