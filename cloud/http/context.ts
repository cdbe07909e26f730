import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Instant } from '../../shared/time.ts'
import type { TelegramUser } from '../access/people/initData.ts'
import type { Keyring, Register } from '../access/registers/registers.ts'
import type { Session } from '../access/staff/sessions.ts'
import type { VoucherKey } from '../access/voucherKey.ts'
import type { Sql } from '../database/connect.ts'
import type { Limiters } from './limits.ts'

/** What the doors need that stand before every route: they know who asks, and how often that may be. */
export interface Doors {
  sql: Sql
  now: () => Instant
  keyring: Keyring
  limiters: Limiters
  /** Proves what Telegram signed; null where there is no bot, and then no Mini App either. */
  botToken: string | null
  /** What codes of vouchers are kept by; asked only where one is shown. */
  voucherKey: () => VoucherKey
}

export type Env = {
  Variables: {
    register: Register
    /** Of a key that is only remembered: whoever acts on it has it looked at. */
    keyHash: string | undefined
    /** Of a Mini App, as Telegram signed it. */
    telegramUser: TelegramUser
    /** Of somebody who signed in to the console. */
    session: Session
    /** Told to the log line of the request. */
    operationIds: string[]
  }
}
export type App = OpenAPIHono<Env>
