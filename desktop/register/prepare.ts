import type { Files } from './exchange/files.ts'
import type { Log } from './log.ts'
import type { RegisterSettings } from './options.ts'
import { type KeyStore, openSettings } from './settings.ts'

/** What the command line says takes the place of what was saved. */
export async function prepareSettings(
  { cloud, key, exchange, data }: Omit<RegisterSettings, 'code' | 'log-level'>,
  { keys, files, log }: { keys: KeyStore; files: Files; log: Log },
): Promise<void> {
  const settings = openSettings({ dataFolder: data, files, log })
  await settings.change({ ...(cloud && { cloudUrl: cloud }), ...(exchange && { exchangeFolder: exchange }) })
  if (key) await keys.save(key)
  await files.makeFolder(settings.current().exchangeFolder)
}
