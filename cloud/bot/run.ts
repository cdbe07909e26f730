import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { BotError } from 'grammy'
import type { Update } from 'grammy/types'
import type { Logger } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { VoucherKey } from '../access/voucherKey.ts'
import type { Config } from '../config.ts'
import type { Sql } from '../database/connect.ts'
import { whileLeading } from '../database/leader.ts'
import { createLimiter } from '../http/limits.ts'
import { announce } from './announce.ts'
import { createBot } from './bot.ts'
import type { BotContext } from './context.ts'
import { logFault } from './faults.ts'
import { forTelegram, isUnauthorized, keepTrying } from './receive/connection.ts'
import { poll } from './receive/poll.ts'
import { isGenuine, listen } from './receive/webhook.ts'
import type { Wait } from './retryAfter.ts'

/** What a hand can tap: a page a second for a while, then one every two seconds. */
const PER_PERSON = { perMinute: 30, burst: 30 }

interface Around {
  sql: Sql
  voucherKey: () => VoucherKey
  now: () => Instant
  log: Logger
  /** How a reply waits when Telegram is asked too much. */
  wait?: Wait
}

/** How the routes hand on what Telegram posts. */
export interface Webhook {
  isGenuine(secret: string | undefined): boolean
  /** False until we know who we are: Telegram then posts it again. */
  receive(update: Update): Promise<boolean>
}

const WRONG_TOKEN =
  'Telegram knows no bot by TELEGRAM_BOT_TOKEN: copy it from @BotFather (/mybots, API Token) and start again. ' +
  'The cloud runs on without the bot.'

const NOBODY_NEW =
  'the bot gives nobody new a card: a consent must say whom the data are given to. ' +
  'Set OPERATOR_NAME, OPERATOR_ADDRESS and PRIVACY_POLICY_URL'

/**
 * The bot in this process. Of several processes one leads: it fetches what is new, or tells Telegram where to post
 * it; then any of them may get it. Neither Telegram being away nor a wrong token holds up the start of the cloud.
 */
export function openBot(
  {
    telegram,
    chainName,
    supportContact,
    operator,
    timeZone,
    holdSeconds,
  }: Pick<Config, 'chainName' | 'supportContact' | 'operator' | 'timeZone' | 'holdSeconds'> & {
    telegram: NonNullable<Config['telegram']>
  },
  { sql, voucherKey, now, log, wait = pause }: Around,
) {
  const { token, apiUrl, publicUrl } = telegram
  const miniApp = publicUrl?.startsWith('https://') ? `${publicUrl}/app` : null
  const context: BotContext = {
    sql,
    now,
    log,
    chainName,
    supportContact,
    operator,
    voucherKey,
    timeZone,
    token,
    miniApp,
    publicUrl,
    holdSeconds,
    limiter: createLimiter(PER_PERSON),
  }
  if (!operator) log.error(NOBODY_NEW)
  const bot = createBot(context, { apiUrl, wait })
  const stopping = new AbortController()
  const connection = { token, apiUrl, log, signal: stopping.signal }

  async function handle(update: Update): Promise<void> {
    try {
      await bot.handleUpdate(update)
    } catch (error) {
      if (error instanceof BotError) await bot.errorHandler(error)
      else logFault(error, context)
    }
  }

  /** Without a bot that Telegram knows, this process goes on without one, and lets another one lead. */
  async function orGiveUp(work: Promise<unknown>): Promise<void> {
    await work.catch((error) => {
      if (!isUnauthorized(error)) return logFault(error, context)
      log.error(WRONG_TOKEN)
      stopping.abort()
    })
  }

  /** The work of the leader. */
  async function lead(signal: AbortSignal): Promise<void> {
    await announce(bot.api, context, signal)
    if (publicUrl) await listen(bot.api, publicUrl, { ...connection, signal })
    else await poll({ ...connection, signal }, handle)
    if (!signal.aborted) await once(signal, 'abort')
  }

  async function run(): Promise<void> {
    await orGiveUp(
      keepTrying(connection, async () => {
        bot.botInfo = await bot.api.getMe(forTelegram(stopping.signal))
      }),
    )
    await whileLeading(sql, 'telegram', (signal) => orGiveUp(lead(signal)), connection)
  }

  let running: Promise<void> | null = null
  const webhook: Webhook = {
    isGenuine: (secret) => isGenuine(secret, token),
    async receive(update) {
      if (!bot.isInited()) return false
      await handle(update)
      return true
    },
  }
  return {
    webhook: publicUrl ? webhook : null,
    /** Null until Telegram has said who we are. */
    name: () => (bot.isInited() ? bot.botInfo.username : null),
    start() {
      running ??= run()
    },
    /** Lets what was begun be answered. */
    async stop() {
      stopping.abort()
      await running
    },
  }
}
