import { readMyStatus } from '../../people/myStatus.ts'
import type { Person } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

export async function showStatus(context: BotContext, talk: Talk, person: Person): Promise<void> {
  const status = await readMyStatus(context.sql, person, {
    now: context.now(),
    timeZone: context.timeZone,
  })
  const { words } = talk
  await say(talk, status ? words.status(status) : words.noStatuses, keyboardOf(context, talk, []))
}
