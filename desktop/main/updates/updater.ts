import { app } from 'electron'
import { NsisUpdater } from 'electron-updater'

/** Null where there is nothing to be replaced: this runs from its sources, or not on Windows. */
export function systemUpdater(): NsisUpdater | null {
  return app.isPackaged && process.platform === 'win32' ? new NsisUpdater() : null
}
