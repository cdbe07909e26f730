import type { House, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

export async function showHelp(house: House, talk: Talk): Promise<void> {
  const commands = Object.entries(talk.words.commands)
  await say(talk, talk.words.help(commands, house.supportContact), keyboardOf(house, talk, []))
}

export async function hint(_: House, talk: Talk): Promise<void> {
  await say(talk, talk.words.hint)
}
