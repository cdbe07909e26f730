import type { DisplayWish } from '../../../shared/display.ts'
import { codeOf, type Files } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { movingTo } from '../redemption/movingTo.ts'
import type { HeldKeys } from '../settings/keys.ts'
import type { Settings, SettingsFile } from '../settings/settings.ts'
import type { Station } from '../station.ts'

/** The settings of a command line, which replace those that were kept. */
export interface CommandLine {
  cloud?: string | undefined
  key?: string | undefined
  exchange?: string | undefined
  /** A cloud may be spoken to without encryption. */
  insecure?: boolean | undefined
  display?: DisplayWish | undefined
}

/**
 * Uses these settings from now on and keeps them for the next start. Where they cannot be written, the register still
 * sells.
 */
export async function keepCommandLine(
  { cloud, key, exchange, insecure, display }: CommandLine,
  options: {
    settings: SettingsFile
    outbox: Pick<Outbox, 'redemptions'>
    station: Pick<Station, 'leave'>
    keys: HeldKeys
    files: Files
    log: Log
  },
): Promise<void> {
  const { settings, station, keys, files, log } = options
  const { exchangeFolder: before } = settings.current()
  const isMoving = exchange !== undefined && exchange !== before && settings.wereKept
  if (isMoving) await station.leave(before)
  const said: Partial<Settings> = {
    ...(cloud && { cloudUrl: cloud }),
    ...(exchange && { exchangeFolder: exchange }),
    ...(isMoving && (await movingTo(exchange, options))),
    ...(insecure && { allowsHttp: true }),
    ...(display !== undefined && { display }),
  }
  const current = settings.current()
  const isNew = Object.entries(said).some(([name, value]) => current[name as keyof Settings] !== value)
  const complain = (error: unknown) =>
    log.error({ err: error }, 'what the command line says holds, and is not kept for the next start')
  if (isNew) await settings.hold(said).catch(complain)
  await makeExchangeFolder(files, settings.current().exchangeFolder, log)
  if (key !== undefined && key !== (await keys.load().catch(() => null))) await keys.hold(key).catch(complain)
}

/**
 * Makes the exchange folder. Without room or rights, the exchange reports it later; a path that is no folder is a
 * mistake.
 */
async function makeExchangeFolder(files: Files, folder: string, log: Log): Promise<void> {
  try {
    await files.makeFolder(folder)
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error
    log.error({ err: error, folder }, 'the exchange folder could not be made')
  }
}
