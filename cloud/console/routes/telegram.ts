import type { Context } from 'hono'
import type { Person } from '../../access/staff/accounts.ts'
import type { Session } from '../../access/staff/sessions.ts'
import { boundSince, makeTelegramLink, unbindTelegram } from '../../access/staff/telegram.ts'
import { authorFor, permissions } from '../../acts/permissions.ts'
import type { Doors } from '../../http/context.ts'
import { ApiFailure } from '../../http/errors.ts'
import { originOf } from '../../http/sender.ts'
import type { Html, Viewer } from '../pages/layout.ts'
import { telegramLinkPage, telegramSection } from '../pages/telegram.ts'

export interface Around extends Doors {
  /** As Telegram knows the bot; null where there is none, or it has not said yet. */
  botName(): string | null
}

/** Who has a chat bound is told there what waits for their approval: whoever never approves has no use for one. */
const mayApprove = (person: Person) => authorFor(person, permissions['proposal approve']) !== null

/** What one has bound; null for whoever never approves. */
export async function showTelegram(
  { sql, botName }: Around,
  { session, viewer }: { session: Session; viewer: Viewer },
): Promise<Html | null> {
  if (!mayApprove(session.person)) return null
  const bound = await boundSince(sql, session.person.name)
  return telegramSection(viewer, { boundSince: bound, hasBot: botName() !== null })
}

/** The link, told on this page and nowhere else. */
export async function offerTelegram(
  { sql, botName, now }: Around,
  { session, viewer }: { session: Session; viewer: Viewer },
) {
  const bot = botName()
  if (!mayApprove(session.person))
    throw new ApiFailure(403, 'not_allowed', 'Only who approves proposals binds a chat of Telegram.')
  if (bot === null) throw new ApiFailure(404, 'no_bot', 'This cloud has no bot: TELEGRAM_BOT_TOKEN sets it.')
  const start = await makeTelegramLink(sql, session, now())
  return await telegramLinkPage({ viewer, link: `https://t.me/${bot}?start=${start}` })
}

export async function takeAwayTelegram(c: Context, { sql }: Around, session: Session): Promise<void> {
  await unbindTelegram(sql, { session, from: originOf(c) })
}
