import { readHistory } from '../../ledger/history.ts'
import { readSettings } from '../../ledger/programme.ts'
import type { Person } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { change, type Keyboard, keyboardOf, say } from '../reply.ts'

const ITEMS_A_PAGE = 8

/** A page of the history. The buttons turn the pages of the one message. */
export async function showHistory(
  context: BotContext,
  talk: Talk,
  person: Person,
  { before = '' }: { before?: string } = {},
): Promise<void> {
  const { sql, timeZone } = context
  const now = context.now()
  const settings = await readSettings(sql, person)
  const page = await readHistory(sql, person.customerId, {
    before: before || undefined,
    limit: ITEMS_A_PAGE,
    shownDays: settings.history_shown_days,
    now,
  })
  const { older, newest } = talk.words.buttons
  const turns: Keyboard[number] = []
  if (before) turns.push({ text: newest, does: { action: 'history' } })
  if (page.next) turns.push({ text: older, does: { action: 'history', before: page.next } })
  const text = talk.words.history(page.items, { timeZone, now, shownDays: settings.history_shown_days })
  const show = talk.callbackQuery ? change : say
  await show(talk, text, keyboardOf(context, talk, turns.length > 0 ? [turns] : []))
}
