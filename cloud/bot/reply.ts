import { GrammyError, InlineKeyboard } from 'grammy'
import { type Button, writeButton } from './buttons.ts'
import type { BotContext, Talk } from './context.ts'
import type { Html } from './html.ts'

export type Keyboard = { text: string; does: Parameters<typeof writeButton>[0] }[][]

export async function say(talk: Talk, text: Html, keyboard?: InlineKeyboard): Promise<void> {
  await talk.reply(text.html, markup(keyboard))
}

/** Changes the message whose button was tapped; where that is too old or gone, says it anew. */
export async function change(talk: Talk, text: Html, keyboard?: InlineKeyboard): Promise<void> {
  const message = talk.callbackQuery?.message
  if (!message) return await say(talk, text, keyboard)
  try {
    await talk.api.editMessageText(message.chat.id, message.message_id, text.html, markup(keyboard))
  } catch (error) {
    if (!isRefused(error)) throw error
    // A second tap on the same button: it shows that already.
    if (/not modified/.test(error.description)) return
    await say(talk, text, keyboard)
  }
}

/** Ends the waiting of a tapped button. A query that is too old to be answered needs no answer. */
export async function acknowledge(talk: Talk, toast?: string): Promise<void> {
  if (!talk.callbackQuery) return
  try {
    await talk.answerCallbackQuery(toast ? { text: toast } : {})
  } catch (error) {
    if (!isRefused(error)) throw error
  }
}

/** Rows of buttons, and below them the way into the Mini App where there is one. */
export function keyboardOf({ miniApp }: BotContext, { words }: Talk, rows: Keyboard): InlineKeyboard {
  const keyboard = new InlineKeyboard()
  for (const row of rows) {
    for (const { text, does } of row) keyboard.text(text, writeButton(does))
    keyboard.row()
  }
  return miniApp ? keyboard.webApp(words.buttons.openApp, miniApp) : keyboard
}

/** Only buttons, for what the Mini App has nothing to do with. */
export function plainKeyboard(rows: Keyboard): InlineKeyboard {
  return InlineKeyboard.from(
    rows.map((row) => row.map(({ text, does }) => InlineKeyboard.text(text, writeButton(does)))),
  )
}

/** What an action says about a button that was tapped, in a line over the chat; nothing where the chat shows it. */
export type Toast = string | undefined
export type Action<Wanted extends Button['action']> = (
  talk: Talk,
  button: Extract<Button, { action: Wanted }>,
) => Promise<Toast>

function markup(keyboard: InlineKeyboard | undefined) {
  return {
    parse_mode: 'HTML' as const,
    ...(keyboard && { reply_markup: keyboard }),
    link_preview_options: { is_disabled: true },
  }
}

function isRefused(error: unknown): error is GrammyError {
  return error instanceof GrammyError && error.error_code === 400
}
