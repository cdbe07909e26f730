import { Bot, type FilterQuery } from 'grammy'
import type { Person } from '../people/people.ts'
import { approvals } from './approvals/approvals.ts'
import { showBalance } from './commands/balance.ts'
import { showCard } from './commands/card.ts'
import { askConsent, start } from './commands/consent.ts'
import { askToForget } from './commands/forget.ts'
import { hint, showHelp } from './commands/help.ts'
import { showHistory } from './commands/history.ts'
import { showInvitation } from './commands/invite.ts'
import { showChoices } from './commands/notify.ts'
import { showRules } from './commands/rules.ts'
import { showStatus } from './commands/status.ts'
import { showVouchers } from './commands/vouchers.ts'
import type { BotContext, Talk, TalkBot } from './context.ts'
import { settleFault } from './faults.ts'
import { answerInTime, hearOfBlocking, meet, privateOnly, slowDown } from './meet.ts'
import { press } from './press.ts'
import { obeyRetryAfter, type Wait } from './retryAfter.ts'

/** What Telegram is asked to tell us; it tells nothing else. */
export const HEARD = ['message', 'callback_query', 'my_chat_member'] as const

const CALL_SECONDS = 5

/** What people write; the rest (somebody pinned a message, a timer was set) is not said to us. */
const WRITTEN: FilterQuery[] = [
  'message:text',
  'message:media',
  'message:file',
  'message:contact',
  'message:location',
  'message:poll',
  'message:dice',
  'message:story',
]

/** The bot as people meet it: who is heard, and what each command does. It fetches nothing by itself. */
export function createBot(context: BotContext, { apiUrl, wait }: { apiUrl: string; wait: Wait }): TalkBot {
  const bot = new Bot<Talk>(context.token, { client: { apiRoot: apiUrl, timeoutSeconds: CALL_SECONDS } })
  bot.api.config.use(obeyRetryAfter(wait))
  bot.catch((fault) => settleFault(fault, context))

  bot.use(privateOnly)
  bot.use(answerInTime)
  bot.on('my_chat_member', hearOfBlocking(context))
  bot.use(slowDown(context))
  bot.use(meet(context))
  bot.use(approvals(context))

  bot.command('start', (talk) => start(context, talk))
  bot.command('card', ofPerson(context, showCard))
  bot.command('balance', ofPerson(context, showBalance))
  bot.command('status', ofPerson(context, showStatus))
  bot.command('vouchers', ofPerson(context, showVouchers))
  bot.command('invite', ofPerson(context, showInvitation))
  bot.command('history', ofPerson(context, showHistory))
  bot.command('rules', (talk) => showRules(context, talk))
  bot.command('notify', ofPerson(context, showChoices))
  bot.command('forget', ofPerson(context, askToForget))
  bot.command('help', (talk) => showHelp(context, talk))
  bot.on('callback_query', (talk) => press(context, talk))
  bot.on(WRITTEN, (talk) => hint(context, talk))
  return bot
}

type Command = (context: BotContext, talk: Talk, person: Person) => Promise<void>

/** A person who is no customer yet is asked for consent first. */
function ofPerson(context: BotContext, command: Command): (talk: Talk) => Promise<void> {
  return (talk) => (talk.person ? command(context, talk, talk.person) : askConsent(context, talk))
}
