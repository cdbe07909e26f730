import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { Limiter } from '../access/limits.ts'
import type { Keyring, Register } from '../access/registers.ts'
import type { Sql } from '../database/connect.ts'
import type { Queue } from '../ledger/queue.ts'

/** What every route may need, handed in by `createApp`. */
export interface Cloud {
  sql: Sql
  queue: Queue
  keyring: Keyring
  now: () => Instant
  log: Logger
  /** Overrides the programme's hold time. */
  holdSeconds: number | undefined
  /** What customers know the chain by. */
  chainName: string
  /** Proves what Telegram signed; null where there is no bot, and then no Mini App either. */
  botToken: string | null
  /** Where the world reaches this cloud, if somebody has said so. */
  publicUrl: string | undefined
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
