import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Logger } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { Codes } from '../access/people/codes.ts'
import type { TelegramUser } from '../access/people/initData.ts'
import type { LookupCounts } from '../access/registers/lookupCounts.ts'
import type { Keyring, Register } from '../access/registers/registers.ts'
import type { Webhook } from '../bot/run.ts'
import type { Sql } from '../database/connect.ts'
import type { Queue } from '../ledger/queue.ts'
import type { Meters } from '../metrics/meters.ts'
import type { Exposition } from '../metrics/route.ts'
import type { Portal } from '../portal/server/files.ts'
import type { FileStore } from '../updates/fileStore.ts'
import type { Limiters } from './limits.ts'

/** What every route may need, handed in by `createApp`. */
export interface Cloud {
  sql: Sql
  queue: Queue
  keyring: Keyring
  codes: Codes
  now: () => Instant
  log: Logger
  /** Where the files of the kiosk's releases lie. */
  updates: Pick<FileStore, 'read'>
  /** The cloud ends: a download, which may take minutes, does not hold it up. */
  stopping: AbortSignal
  /** Overrides the programme's hold time. */
  holdSeconds: number | undefined
  /** What customers know the chain by. */
  chainName: string
  /** Of the shops. */
  timeZone: string
  /** Where they are helped with what a shop cannot do, if somebody has said so. */
  supportContact: string | undefined
  /** Proves what Telegram signed; null where there is no bot, and then no Mini App either. */
  botToken: string | null
  /** Takes what Telegram posts; null where the bot fetches it, or there is none. */
  webhook: Webhook | null
  /** Where the world reaches this cloud, if somebody has said so. */
  publicUrl: string | undefined
  /** The built Mini App; null where there is none. */
  portal: Portal | null
  meters: Meters
  /** Null where Prometheus may not ask on the port of the API. */
  exposition: Exposition | null
  limiters: Limiters
  /** Who looks up how many cards. */
  lookups: LookupCounts
}

export type Env = {
  Variables: {
    register: Register
    /** Of a Mini App, as Telegram signed it. */
    telegramUser: TelegramUser
    /** Told to the log line of the request. */
    operationIds: string[]
  }
}
export type App = OpenAPIHono<Env>
