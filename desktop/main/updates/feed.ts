import { isSafeAddress } from '../../../shared/cloudAddress.ts'
import type { Files } from '../../register/machine/files.ts'
import type { Log } from '../../register/machine/log.ts'
import type { KeyStore } from '../../register/settings/keys.ts'
import { openSettings } from '../../register/settings/settings.ts'
import type { Feed } from './installer.ts'

/**
 * Where this register asks, by what it was told last. Read from its files each time, so that a version that cannot
 * even start its register finds the one that mends it.
 */
export async function feedOf({
  dataFolder,
  files,
  keys,
  log,
}: {
  dataFolder: string
  files: Files
  keys: KeyStore
  log: Log
}): Promise<Feed | null> {
  const { cloudUrl, known, allowsHttp } = openSettings({ dataFolder, files, log }).current()
  if (cloudUrl === null || !(allowsHttp || isSafeAddress(cloudUrl))) return null
  const base = cloudUrl.endsWith('/') ? cloudUrl : `${cloudUrl}/`
  const url = new URL(`updates/${known?.updateChannel ?? 'stable'}/`, base).href
  return { url, key: await keys.load().catch(() => null) }
}
