import { join } from 'node:path'
import type { OpenDatabase } from '../machine/database.ts'
import type { Log } from '../machine/log.ts'
import type { Clock } from '../time/clock.ts'
import type { CloudTime } from '../time/cloudTime.ts'
import type { ChoresOptions } from './chores.ts'
import { type CloudClient, createCloudClient, type RegisterReply } from './client.ts'
import { type CustomerCopy, openCustomerCopy } from './customerCopy.ts'
import type { LineState } from './line.ts'
import type { Queue } from './queue.ts'
import { startSync } from './sync.ts'

export interface ConnectionOptions {
  url: string
  key: string
  dataFolder: string
  queue: Queue
  fetch: typeof globalThis.fetch
  clock: Clock
  time: CloudTime
  random: () => number
  version: string
  log: Log
  beat: ChoresOptions['beat']
  diagnostics: ChoresOptions['diagnostics']
  openDatabase?: OpenDatabase | undefined
  /** The copy of the customers was not written. */
  onFailure: (error: unknown) => void
  onRegister: (reply: RegisterReply) => void
  onErased: ChoresOptions['onErased']
  /** Called once the copy of the customers is wiped. */
  onRevoked: () => void
  onState: (state: LineState) => void
}

export interface Connection {
  client: CloudClient
  /** Ends what is asked for a person, when nobody waits for it any more. */
  signal: AbortSignal
  find: CustomerCopy['find']
  remember: CustomerCopy['remember']
  wake: () => void
  state: () => LineState
  stop: () => Promise<void>
}

/** The line of an enrolled register to its cloud, with its copy of the customers. */
export function openConnection(options: ConnectionOptions): Connection {
  const { url, dataFolder, log, onRevoked, onState } = options
  const client = createCloudClient(options)
  const stopping = new AbortController()
  const { openDatabase, onFailure } = options
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
    onChange: onState,
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
