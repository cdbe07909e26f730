import { isSafeAddress } from '../../../shared/cloudAddress.ts'
import type { KeyStore } from '../settings/keys.ts'
import type { SettingsFile } from '../settings/settings.ts'
import { createTurns } from '../time/turns.ts'
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts'

export interface ConnectorOptions extends Omit<ConnectionOptions, 'url' | 'key'> {
  settings: Pick<SettingsFile, 'current'>
  keys: Pick<KeyStore, 'load'>
  /** The address that is not spoken to, because it is not https; null: there is none. */
  onNotHttps: (url: string | null) => void
}

const refuseHttp: typeof globalThis.fetch = async () => {
  throw new Error('the address of the cloud is not https, and --insecure was never said')
}

export type Connector = ReturnType<typeof createConnector>

/** The connection to the cloud where there is one: of the address and the key that hold now. */
export function createConnector(options: ConnectorOptions) {
  const { settings, keys, onNotHttps, log } = options
  const turns = createTurns()
  let connection: Connection | null = null
  let isStopped = false

  async function begin(): Promise<void> {
    const { cloudUrl: url, allowsHttp } = settings.current()
    const key = await keys.load().catch((error) => {
      log.error({ err: error }, 'the key cannot be read: enrol the register again')
      return null
    })
    if (url === null || key === null || isStopped) return
    const isAllowed = allowsHttp || isSafeAddress(url)
    onNotHttps(isAllowed ? null : url)
    // Sales go into the journal all the same, and wait there until `--insecure` is said or the address is https.
    connection = openConnection({ ...options, ...(!isAllowed && { fetch: refuseHttp }), url, key })
  }

  return {
    current: () => connection,
    isOnline: () => connection?.state().line === 'online',
    wake: () => connection?.wake(),
    /** Begins to speak with the cloud, or begins anew after an enrolment. */
    connect: () =>
      turns.take(async () => {
        await connection?.stop()
        connection = null
        if (!isStopped) await begin()
      }),
    async stop(): Promise<void> {
      isStopped = true
      await turns.take(async () => connection?.stop())
    },
  }
}
