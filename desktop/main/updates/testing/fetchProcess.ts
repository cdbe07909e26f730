import { pino } from 'pino'
import { systemClock } from '../../../register/time/clock.ts'
import { nsisInstaller } from '../nsis.ts'
import { openRealUpdater } from './realUpdater.ts'

// node fetchProcess.ts <folder> <url of the feed>: fetches an update as the kiosk does, until it is done or killed.

const [folder = '', url = ''] = process.argv.slice(2)
const { updater } = await openRealUpdater({ folder, version: '1.0.0' })
const installer = nsisInstaller({
  updater,
  clock: systemClock,
  log: pino({ level: 'silent' }),
  quitTo: async () => {},
})
console.log(`found ${await installer.find({ url, key: null })}`)
await installer.fetch(() => {})
console.log('fetched')
