import { FIRST_PROGRAMME, readProgramme } from '../../ledger/programme.ts'
import type { BotContext, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

/** As the programme is set now. */
export async function showRules(context: BotContext, talk: Talk): Promise<void> {
  const { programme } = await readProgramme(context.sql, {
    programmeId: FIRST_PROGRAMME,
    now: context.now(),
  })
  await say(talk, talk.words.rules(programme, context.chainName), keyboardOf(context, talk, []))
}
