import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { CancellationToken, type NsisUpdater, type ProgressInfo } from 'electron-updater'
import type { Log } from '../../register/machine/log.ts'
import { type Clock, pause } from '../../register/time/clock.ts'
import type { QuitTo } from '../quit.ts'
import { type Installer, NotVerified } from './installer.ts'

/** How long the system may take to say that it will not start an installer. */
const START_MS = 1500
const FORGED = ['ERR_UPDATER_INVALID_SIGNATURE', 'ERR_CHECKSUM_MISMATCH']

export interface NsisOptions {
  updater: NsisUpdater
  clock: Clock
  log: Log
  quitTo: QuitTo
}

/**
 * electron-updater, which only finds, fetches and starts what we say. It verifies the checksum of what it fetched and
 * its publisher, by the name that was packaged into app-update.yml.
 */
export function nsisInstaller({ updater, clock, log, quitTo }: NsisOptions): Installer {
  updater.logger = {
    info: (message) => log.info(String(message)),
    warn: (message) => log.warn(String(message)),
    error: (message) => log.error(String(message)),
  }
  updater.autoDownload = false
  // A quit by the end of Windows would kill the installer half-way, and leave no program at all.
  updater.autoInstallOnAppQuit = false
  updater.allowDowngrade = false
  updater.disableWebInstaller = true
  let found: { version: string; sha512: string } | null = null
  let whole: { path: string; sha512: string } | null = null
  let underWay: CancellationToken | null = null

  async function fetch(onPercent: (percent: number) => void): Promise<void> {
    if (!found) throw new Error('nothing was found that could be fetched')
    const { sha512 } = found
    whole = null
    const progress = ({ percent }: ProgressInfo) => onPercent(percent)
    underWay = new CancellationToken()
    updater.on('download-progress', progress)
    try {
      const [path] = await updater.downloadUpdate(underWay).catch((error) => {
        if (!FORGED.includes(codeOf(error))) throw error
        throw new NotVerified('what was fetched is not what was published', { cause: error })
      })
      if (path === undefined) throw new Error('what was fetched is nowhere')
      whole = { path, sha512 }
      // The installer may lie here since yesterday, and the updater only looks whether it does.
      await verify()
    } finally {
      updater.off('download-progress', progress)
      underWay = null
    }
  }

  async function verify(): Promise<void> {
    if (!whole) throw new Error('nothing was fetched')
    const { path, sha512 } = whole
    if ((await sha512Of(path).catch(() => null)) === sha512) return
    await rm(path, { force: true })
    throw new NotVerified(`${path} is not what was fetched any more`)
  }

  /** False where the system did not start it. */
  async function start(): Promise<boolean> {
    const refused = new Promise<false>((resolve) => updater.once('error', () => resolve(false)))
    const isSilent = true
    if (!updater.install(isSilent, true)) return false
    return await Promise.race([refused, pause(clock, START_MS).then(() => true)])
  }

  return {
    async find({ url, key }) {
      // Whatever was under way has had its time.
      underWay?.cancel()
      updater.requestHeaders = key === null ? null : { authorization: `Bearer ${key}` }
      updater.setFeedURL({ provider: 'generic', url })
      const result = await updater.checkForUpdates().catch((error) => {
        if (codeOf(error) === 'ERR_UPDATER_CHANNEL_FILE_NOT_FOUND') return null
        throw error
      })
      const info = result?.isUpdateAvailable ? result.updateInfo : null
      found = info && { version: info.version, sha512: info.files[0]?.sha512 ?? '' }
      return found?.version ?? null
    },

    fetch,
    verify,
    install: () => quitTo(start),
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

async function sha512Of(path: string): Promise<string> {
  const hash = createHash('sha512')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('base64')
}
