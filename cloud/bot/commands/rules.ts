import { readProgramme } from '../../ledger/programme.ts'
import type { House, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

/** As the programme is set now. */
export async function showRules(house: House, talk: Talk): Promise<void> {
  const { programme } = await readProgramme(house.sql, house.now())
  await say(talk, talk.words.rules(programme, house.chainName), keyboardOf(house, talk, []))
}
