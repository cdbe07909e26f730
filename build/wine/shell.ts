import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer, request } from 'node:http'
import Module, { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import asar from '@electron/asar'
import * as standIn from '../../desktop/main/testing/electron.ts'
import { COMMAND_CHANNEL, SNAPSHOT_CHANNEL } from '../../desktop/preload/channels.ts'

// In the place of Electron: runs the main process of an installed kiosk, as it is in its app.asar, in Windows' Node. Its screen is
// whoever asks at KOPILKA_SCREEN_PORT. Started by program.c as `node shell.ts <Kopilka.exe> …`.

const { version: electronVersion } = createRequire(import.meta.url)('electron/package.json') as {
  version: string
}
const [, , program = '', ...args] = process.argv
const resources = join(dirname(program), 'resources')
const archive = join(resources, 'app.asar')
const manifest = JSON.parse(String(asar.extractFile(archive, 'package.json'))) as {
  version: string
  productName: string
}
const folder = mkdtempSync(join(tmpdir(), `kopilka-${manifest.version}-`))
asar.extractAll(archive, folder)

const { state, app, fire, ipcRenderer } = standIn
Object.assign(state, { isPackaged: true, appPath: folder, paths: { appData: process.env.APPDATA } })
let comesBack = false
Object.assign(app, {
  getVersion: () => manifest.version,
  getName: () => manifest.productName,
  setLoginItemSettings({ name, args }: { name: string; args: string[] }) {
    const key = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run'
    const line = [`"${program}"`, ...args].join(' ')
    spawnSync('reg', ['add', key, '/v', name, '/d', line, '/f'], { stdio: 'ignore' })
  },
  relaunch() {
    comesBack = true
  },
  exit(code: number) {
    if (comesBack) spawn(program, args, { detached: true, stdio: 'ignore' }).unref()
    process.exit(code)
  },
  quit: () => fire(app, 'before-quit'),
})

const electron = {
  ...standIn,
  session: { ...standIn.session, fromPartition: () => ({}) },
  net: {
    request: ({ session: _, redirect: __, ...options }: Record<string, unknown>) =>
      request({ ...options, agent: false }),
  },
}
const loader = Module as unknown as { _load(name: string, ...rest: unknown[]): unknown }
const load = loader._load
loader._load = (name, ...rest) => (name === 'electron' ? electron : load.call(Module, name, ...rest))
Object.defineProperty(process.versions, 'electron', { value: electronVersion })
Object.defineProperty(process, 'resourcesPath', { value: resources })
process.argv = [program, ...args]
createRequire(archive)(join(folder, 'dist/main/main.cjs'))
state.ready.resolve()

/** The page asks for it when it is loaded, and only then does the kiosk count as started. */
const snapshot = () => ipcRenderer.sendSync(SNAPSHOT_CHANNEL)

const screen = createServer(async (asked, answer) => {
  // The next request may be for the program that has taken this one's place.
  answer.setHeader('connection', 'close')
  try {
    if (!state.windows[0]?.webContents.urls.includes('app://kopilka/'))
      throw new Error('there is no screen yet')
    const name = (asked.url ?? '').slice(1)
    const value =
      name === 'snapshot'
        ? snapshot()
        : await ipcRenderer.invoke(COMMAND_CHANNEL, name, JSON.parse(await text(asked)))
    answer.end(JSON.stringify(value))
  } catch (error) {
    answer.statusCode = 503
    answer.end(String(error))
  }
})
screen.on('error', (error) => {
  console.error(error)
  process.exit(1)
})
screen.listen(Number(process.env.KOPILKA_SCREEN_PORT), '127.0.0.1')
