import { codeOf, type Files } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import type { KeyStore } from '../settings/keys.ts'
import type { Settings, SettingsFile } from '../settings/settings.ts'

/** What the command line says of this register, which takes the place of what was kept. */
export interface Said {
  cloud?: string | undefined
  key?: string | undefined
  exchange?: string | undefined
  /** A cloud may be spoken to without encryption. */
  insecure?: boolean | undefined
}

/**
 * Holds from now on, and is kept for the next start; a disk that does not take it is no reason not to sell
 * today. Returns where the key is from now on.
 */
export async function takeWord(
  { cloud, key, exchange, insecure }: Said,
  { settings, keys, files, log }: { settings: SettingsFile; keys: KeyStore; files: Files; log: Log },
): Promise<KeyStore> {
  const said: Partial<Settings> = {
    ...(cloud && { cloudUrl: cloud }),
    ...(exchange && { exchangeFolder: exchange }),
    ...(insecure && { allowsHttp: true }),
  }
  const current = settings.current()
  const isNews = Object.entries(said).some(([name, value]) => current[name as keyof Settings] !== value)
  const complain = (error: unknown) =>
    log.error({ err: error }, 'what the command line says holds, and is not kept for the next start')
  if (isNews) await settings.hold(said).catch(complain)
  await makeExchangeFolder(files, settings.current().exchangeFolder, log)
  if (key === undefined || key === (await keys.load().catch(() => null))) return keys
  try {
    await keys.save(key)
    return keys
  } catch (error) {
    complain(error)
    return keyOfThisLife(key, keys)
  }
}

/** Where it cannot be made for want of room or rights, the exchange says so itself; what is no folder is a mistake. */
async function makeExchangeFolder(files: Files, folder: string, log: Log): Promise<void> {
  try {
    await files.makeFolder(folder)
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
    log.error({ err: error, folder }, 'the exchange folder could not be made')
  }
}

/** A key that could not be kept, until another one is. */
function keyOfThisLife(key: string, keys: KeyStore): KeyStore {
  let current: string | null = key
  return {
    load: async () => current ?? (await keys.load()),
    async save(next) {
      await keys.save(next)
      current = null
    },
  }
}
