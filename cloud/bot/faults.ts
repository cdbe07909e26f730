import { type BotError, GrammyError, HttpError } from 'grammy'
import { languageOf } from '../../shared/language.ts'
import { isOutage } from '../database/outage.ts'
import { setReachable } from '../people/people.ts'
import type { BotContext, Talk } from './context.ts'
import { html } from './html.ts'
import { acknowledge, say } from './reply.ts'
import { textsOf } from './texts.ts'

/** The one place where what went wrong with an update ends: it is logged, and the person is told what to do. */
export async function settleFault({ error, ctx: talk }: BotError<Talk>, context: BotContext): Promise<void> {
  const { log, sql, now } = context
  try {
    if (isBlocked(error)) {
      await setReachable(sql, talk.sender.id, { isReachable: false, now: now() })
      return
    }
    logFault(error, context)
    // What Telegram refused once it would refuse again.
    if (!isOfTelegram(error)) await tell(talk, isOutage(error) ? 'tryInAMinute' : 'broken')
  } catch (second) {
    log.warn(
      { problem: problemOf(second, context.token) },
      'a person could not be told that their message failed',
    )
  }
}

/** The person has blocked the bot, or is no longer in Telegram. */
function isBlocked(error: unknown): boolean {
  return error instanceof GrammyError && error.error_code === 403
}

const isOfTelegram = (error: unknown) => error instanceof GrammyError || error instanceof HttpError

async function tell(talk: Talk, what: 'tryInAMinute' | 'broken'): Promise<void> {
  const words = talk.words ?? textsOf(languageOf(talk.sender?.language_code))
  if (talk.callbackQuery) await acknowledge(talk, words[what])
  else if (talk.message) await say(talk, html`${words[what]}`)
}

export function logFault(error: unknown, { log, token }: Pick<BotContext, 'log' | 'token'>): void {
  const problem = problemOf(error, token)
  if (isOutage(error)) log.warn({ problem }, 'the bot could not answer: the database is away')
  else if (isOfTelegram(error)) log.warn({ problem }, 'Telegram did not take an answer of the bot')
  else log.error({ err: withoutToken(error, token) }, 'the bot met a bug')
}

/**
 * A failure in words for a log. An error of grammY carries what was sent, and one of the network the address with the
 * token in it: neither is for a log.
 */
export function problemOf(error: unknown, token: string): string {
  if (error instanceof GrammyError) return `${error.method}: ${error.error_code} ${error.description}`
  if (error instanceof HttpError) return `${error.message} ${codeOf(error.error)}`.trim()
  return scrub(error instanceof Error ? error.message : 'no error', token)
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function withoutToken(error: unknown, token: string): Error {
  if (!(error instanceof Error)) return new Error('something that is no error was thrown')
  const told = new Error(scrub(error.message, token))
  told.name = error.name
  told.stack = scrub(error.stack ?? '', token)
  return told
}

const scrub = (text: string, token: string) => text.replaceAll(token, '<token>')
