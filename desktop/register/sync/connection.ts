import { join } from 'node:path'
import type { OpenDatabase } from '../machine/database.ts'
import { type CloudClient, type CloudClientOptions, createCloudClient } from './client.ts'
import { type CustomerCopy, openCustomerCopy } from './customerCopy.ts'
import type { LineState } from './line.ts'
import { type SyncOptions, startSync } from './sync.ts'

export interface ConnectionOptions extends CloudClientOptions, Omit<SyncOptions, 'client' | 'copy'> {
  dataFolder: string
  openDatabase?: OpenDatabase | undefined
  /** The copy of the customers was not written. */
  onFailure: (error: unknown) => void
  /** Called once the copy of the customers is wiped. */
  onRevoked: () => void
}

export interface Connection {
  client: CloudClient
  /** Aborts when the connection is stopped: what was asked for the screen ends with it. */
  signal: AbortSignal
  find: CustomerCopy['find']
  remember: CustomerCopy['remember']
  wake: () => void
  state: () => LineState
  stop: () => Promise<void>
}

/** The line of an enrolled register to its cloud, with its copy of the customers. */
export function openConnection(options: ConnectionOptions): Connection {
  const { url, dataFolder, log, openDatabase, onFailure, onRevoked } = options
  const client = createCloudClient(options)
  const stopping = new AbortController()
  const path = join(dataFolder, 'customers.sqlite')
  const copy = openCustomerCopy({ path, for: url, log, openDatabase, onFailure })
  const sync = startSync({
    ...options,
    client,
    copy,
    onRevoked() {
      copy.wipe()
      onRevoked()
    },
  })
  return {
    client,
    signal: stopping.signal,
    find: copy.find,
    remember: copy.remember,
    wake: sync.wake,
    state: sync.state,
    async stop() {
      stopping.abort()
      await sync.stop()
      copy.close()
    },
  }
}
