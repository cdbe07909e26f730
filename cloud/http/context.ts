import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Instant } from '../../shared/time.ts'
import type { TelegramUser } from '../access/people/initData.ts'
import type { Keyring, Register } from '../access/registers/registers.ts'
import type { Session } from '../access/staff/sessions.ts'
import type { VoucherKey } from '../access/voucherKey.ts'
import type { Sql } from '../database/connect.ts'
import type { Limiters } from './limits.ts'

/** All that the doors before the routes need: they know who asks, and how often that may be. */
export interface Doors {
  sql: Sql
  now: () => Instant
  keyring: Keyring
  limiters: Limiters
  /** Proves what Telegram signed; null where there is no bot, and then no Mini App either. */
  botToken: string | null
  /** The key of the stored hashes of voucher codes; asked for only where a voucher is shown. */
  voucherKey: () => VoucherKey
}

export type Env = {
  Variables: {
    register: Register
    /** The hash of a key that was let in from memory: the ledger looks at it again before it executes anything. */
    keyHash: string | undefined
    /** The user of a Mini App, as Telegram signed it. */
    telegramUser: TelegramUser
    /** The session of a person who signed in to the console. */
    session: Session
    /** Told to the log line of the request. */
    operationIds: string[]
    /** Of this request alone, for its log line and for the log of changes. */
    requestId: string
  }
}
export type App = OpenAPIHono<Env>
