import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { Limiter } from '../access/limits.ts'
import type { Keyring, Register } from '../access/registers.ts'
import type { Sql } from '../database/connect.ts'
import type { Queue } from '../ledger/queue.ts'
import type { FileStore } from '../updates/fileStore.ts'

/** What every route may need, handed in by `createApp`. */
export interface Cloud {
  sql: Sql
  queue: Queue
  keyring: Keyring
  now: () => Instant
  log: Logger
  /** Where the files of the kiosk's releases lie. */
  updates: Pick<FileStore, 'read'>
  /** The cloud ends: a download, which may take minutes, does not hold it up. */
  stopping: AbortSignal
  /** Overrides the programme's hold time. */
  holdSeconds: number | undefined
  limiters: {
    lookups: Limiter
    missedLookups: Limiter
    requests: Limiter
    failedEnrolments: Limiter
    operations: Limiter
  }
}

export type Env = {
  Variables: {
    register: Register
    /** Told to the log line of the request. */
    operationIds: string[]
  }
}
export type App = OpenAPIHono<Env>
