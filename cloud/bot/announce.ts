import type { Api } from 'grammy'
import type { Language } from '../../shared/me.ts'
import type { BotContext } from './context.ts'
import { problemOf } from './faults.ts'
import { forTelegram } from './receive/connection.ts'
import { textsOf } from './texts.ts'

/** What Telegram shows of the bot beside its messages. Should it fail, the bot works all the same. */
export async function announce(
  api: Api,
  { log, token, miniApp }: BotContext,
  stopping: AbortSignal,
): Promise<void> {
  const signal = forTelegram(stopping)
  try {
    const scope = { type: 'all_private_chats' } as const
    await api.setMyCommands(commandsIn('ru'), { scope }, signal)
    await api.setMyCommands(commandsIn('en'), { scope, language_code: 'en' }, signal)
    await api.setChatMenuButton({ menu_button: menuButton(miniApp) }, signal)
  } catch (error) {
    log.warn({ problem: problemOf(error, token) }, 'Telegram did not take the list of commands')
  }
}

function commandsIn(language: Language) {
  const { commands } = textsOf(language)
  return Object.entries(commands).map(([command, description]) => ({ command, description }))
}

/** Telegram shows one text to all, in the language of the shops. */
function menuButton(miniApp: string | null) {
  return miniApp
    ? { type: 'web_app' as const, text: textsOf('ru').buttons.menu, web_app: { url: miniApp } }
    : { type: 'commands' as const }
}
