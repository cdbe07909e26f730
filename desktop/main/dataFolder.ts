import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { app } from 'electron'

/** Journal, settings, key and log of this register, made for it; what Chromium keeps goes beneath. */
export function takeDataFolder(given: string | undefined): string {
  const folder = resolve(given ?? join(app.getPath('appData'), 'Kopilka'))
  // Chromium keeps the key of the safe in there: without it the register's own key cannot be decrypted.
  const chromium = join(folder, 'chromium')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  mkdirSync(chromium, { recursive: true })
  app.setPath('userData', folder)
  app.setPath('sessionData', chromium)
  return folder
}
