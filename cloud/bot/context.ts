import type { Bot, Context } from 'grammy'
import type { User } from 'grammy/types'
import type { Logger } from 'pino'
import type { Operator } from '../../shared/consent.ts'
import type { Instant } from '../../shared/time.ts'
import type { VoucherKey } from '../access/voucherKey.ts'
import type { Sql } from '../database/connect.ts'
import type { Limiter } from '../http/limits.ts'
import type { Person } from '../people/people.ts'
import type { Texts } from './texts.ts'

/** What every command may need, handed in by `createBot`. */
export interface BotContext {
  sql: Sql
  now: () => Instant
  log: Logger
  chainName: string
  /** Where people are helped with what neither bot nor shop can do, if somebody has said so. */
  supportContact: string | undefined
  /** The operator of the customers' data; without one no new customer can join. */
  operator: Operator | undefined
  /** With it customers are told the codes of their own vouchers; acts that make some may be approved here, too. */
  voucherKey: () => VoucherKey
  /** In which the day of a purchase is told. */
  timeZone: string
  token: string
  /** Where the Mini App is; null where Telegram would not open it. */
  miniApp: string | null
  /** Where the world reaches this cloud, if somebody has said so. */
  publicUrl: string | undefined
  /** What an act may need that is approved here: overrides the programme's hold time. */
  holdSeconds: number | undefined
  /** Of what one person may send. */
  limiter: Limiter
}

/** One update in a private chat: who sent it, and in which words they are answered. */
export type Talk = Context & {
  sender: User
  words: Texts
  /** Null who has not agreed yet, or is forgotten. */
  person: Person | null
}

export type TalkBot = Bot<Talk>
