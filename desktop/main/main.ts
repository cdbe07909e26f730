import { join } from 'node:path'
import { app, session } from 'electron'
import { logFaults } from '../register/machine/faults.ts'
import { systemFiles } from '../register/machine/files.ts'
import { createLog } from '../register/machine/log.ts'
import type { Register } from '../register/register.ts'
import { startRegister } from '../register/start.ts'
import { systemClock } from '../register/time/clock.ts'
import { createDisplay } from '../screen/display/display.ts'
import { ORIGIN } from './address.ts'
import { offerRegister } from './bridge.ts'
import { stayBeside1c } from './companion.ts'
import { takeDataFolder } from './dataFolder.ts'
import { showToCustomer } from './displayWindow.ts'
import { logChromiumFaults } from './faults.ts'
import { openLogFile } from './logFile.ts'
import { stayAtHome } from './navigation.ts'
import { readShellOptions, type ShellOptions } from './options.ts'
import { allowOnlyTheCamera } from './permissions.ts'
import { declareScheme, serveScreen } from './protocol.ts'
import { stopBeforeQuit } from './quit.ts'
import { reviveScreen } from './revive.ts'
import { safeKeys } from './safeKeys.ts'
import { isOnlyInstance, showOnSecondStart } from './singleInstance.ts'
import { supportUrl } from './supportPage.ts'
import { keepDisplayOn, startWithWindows } from './system.ts'
import { openUpdates } from './updates/open.ts'
import { systemUpdater } from './updates/updater.ts'
import { openWindow } from './window.ts'
import { dockOf, rememberWindow } from './windowKind.ts'

// The Electron shell: one register of this machine, in one window.

declareScheme()
const options = readShellOptions(process.argv)
if (options) {
  const data = takeDataFolder(options.data)
  if (isOnlyInstance()) void app.whenReady().then(() => start({ ...options, data }))
}

async function start(options: ShellOptions & { data: string }): Promise<void> {
  const { data } = options
  const logPath = join(data, 'logs', 'kiosk.log')
  const log = createLog(options['log-level'], openLogFile({ path: logPath }))
  const clock = systemClock
  logFaults(log)
  logChromiumFaults(log)
  keepDisplayOn()
  startWithWindows(data)
  allowOnlyTheCamera(session.defaultSession)
  serveScreen({ folder: join(app.getAppPath(), 'dist/renderer'), logPath })

  const keys = safeKeys({ dataFolder: data, files: systemFiles, log })
  const display = createDisplay({ dataFolder: data, folder: join(app.getAppPath(), 'dist/display'), log })
  let register: Register | null = null
  async function stop(): Promise<void> {
    await display.close()
    await register?.stop()
  }
  const { quitTo } = stopBeforeQuit(stop, { clock, log })
  const updater = systemUpdater()
  const version = app.getVersion()
  const files = systemFiles
  const updates =
    updater && (await openUpdates({ updater, version, dataFolder: data, files, keys, clock, log, quitTo }))

  const kind = await rememberWindow(options.window, { dataFolder: data, files, log })
  const window = openWindow(kind)
  stayAtHome(window.webContents)
  showOnSecondStart(window)
  reviveScreen(window.webContents, { clock, log })

  register = await startRegister(options, log, { keys, updates: updates ?? undefined, display }).catch(
    (error) => {
      log.error({ err: error }, 'the register did not start')
      return null
    },
  )
  updates?.begin(register)
  if (!register) return await window.loadURL(supportUrl('register'))
  offerRegister(register, window.webContents, { log, onScreen: () => void updates?.ready() })
  const dock = dockOf(kind)
  if (dock !== null) stayBeside1c(window, register, { dock, clock })
  await window.loadURL(`${ORIGIN}/`)
  await display.begin(register)
  showToCustomer(display, { cashier: window, clock, log })
  // For what started us, and waits to know that it worked.
  console.log('KIOSK electron')
}
