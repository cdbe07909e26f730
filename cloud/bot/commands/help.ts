import type { BotContext, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

export async function showHelp(context: BotContext, talk: Talk): Promise<void> {
  const commands = Object.entries(talk.words.commands)
  await say(talk, talk.words.help(commands, context.supportContact), keyboardOf(context, talk, []))
}

export async function hint(_: BotContext, talk: Talk): Promise<void> {
  await say(talk, talk.words.hint)
}
