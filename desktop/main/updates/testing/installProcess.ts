import { pino } from 'pino'
import { systemFiles } from '../../../register/machine/files.ts'
import { keyFile } from '../../../register/settings/keys.ts'
import { systemClock } from '../../../register/time/clock.ts'
import { openUpdates } from '../open.ts'
import { openRealUpdater } from './realUpdater.ts'

// node installProcess.ts <folder>: a kiosk that IT tells to update itself, until the power fails as its installer begins.

const [folder = ''] = process.argv.slice(2)
const { updater } = await openRealUpdater({ folder, version: '1.0.0' })
updater.install = () => process.kill(process.pid, 'SIGKILL')
const updates = await openUpdates({
  updater,
  version: '1.0.0',
  dataFolder: folder,
  files: systemFiles,
  keys: keyFile({ dataFolder: folder, files: systemFiles }),
  clock: systemClock,
  log: pino({ level: 'silent' }),
  quitTo: async (last) => void (await last()),
})
updates.begin({ isFree: () => true })
await updates.ready()
updates.askNow()
