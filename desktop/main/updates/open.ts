import { app } from 'electron'
import { NsisUpdater } from 'electron-updater'
import type { Clock } from '../../register/clock.ts'
import type { Files } from '../../register/exchange/files.ts'
import type { Log } from '../../register/log.ts'
import type { KeyStore } from '../../register/settings.ts'
import type { QuitTo } from '../quit.ts'
import { feedOf } from './feed.ts'
import { openUpdateMemory } from './memory.ts'
import { nsisInstaller } from './nsis.ts'
import { createUpdates } from './updates.ts'

interface OpenUpdatesOptions {
  dataFolder: string
  files: Files
  keys: KeyStore
  clock: Clock
  log: Log
  quitTo: QuitTo
}

/** What keeps an installed kiosk current; null where it runs from its sources, or not on Windows. */
export async function openUpdates(options: OpenUpdatesOptions) {
  if (!app.isPackaged || process.platform !== 'win32') return null
  const { clock, log } = options
  const memory = await openUpdateMemory({ ...options, version: app.getVersion() })
  const updates = createUpdates({
    installer: nsisInstaller({ ...options, updater: new NsisUpdater() }),
    memory,
    clock,
    random: Math.random,
    log,
    feed: () => feedOf(options),
  })
  return Object.assign(updates, { ready: memory.ready })
}
