import { forget, type Person } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { type Action, change, plainKeyboard, say } from '../reply.ts'
import { readStanding } from './balance.ts'

/** Says what will be lost, and does nothing yet. */
export async function askToForget(context: BotContext, talk: Talk, person: Person): Promise<void> {
  const { words } = talk
  const standing = await readStanding(context, person)
  if (!standing) return await say(talk, words.forgotten)
  const buttons = [
    [{ text: words.buttons.forget, does: { action: 'forget' as const, card: person.card } }],
    [{ text: words.buttons.keep, does: { action: 'keep' as const } }],
  ]
  await say(talk, words.forgetAsk(standing), plainKeyboard(buttons))
}

export function forgetForGood({ sql, token: secret, now }: BotContext): Action<'forget'> {
  return async (talk, { card }) => {
    const { words, person } = talk
    if (person && person.card !== card) return words.oldButton
    if (person) await forget(sql, person.telegramId, { secret, now: now() })
    await change(talk, words.forgotten)
  }
}

export const keep: Action<'keep'> = async (talk) => {
  await change(talk, talk.words.kept)
}
