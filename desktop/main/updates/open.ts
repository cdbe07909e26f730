import type { NsisUpdater } from 'electron-updater'
import type { Files } from '../../register/machine/files.ts'
import type { Log } from '../../register/machine/log.ts'
import type { KeyStore } from '../../register/settings/keys.ts'
import type { Clock } from '../../register/time/clock.ts'
import type { QuitTo } from '../quit.ts'
import { feedOf } from './feed.ts'
import { nsisInstaller } from './nsis.ts'
import { openUpdateRecord } from './record.ts'
import { createUpdates } from './updates.ts'

interface OpenUpdatesOptions {
  updater: NsisUpdater
  /** That runs. */
  version: string
  dataFolder: string
  files: Files
  keys: KeyStore
  clock: Clock
  log: Log
  quitTo: QuitTo
}

/** What keeps an installed kiosk current. That it was started is on the disk when this resolves. */
export async function openUpdates(options: OpenUpdatesOptions) {
  const { clock, log } = options
  const record = await openUpdateRecord(options)
  const updates = createUpdates({
    installer: nsisInstaller(options),
    record,
    clock,
    random: Math.random,
    log,
    feed: () => feedOf(options),
  })
  return Object.assign(updates, { ready: record.ready })
}
