import { linkOf } from '../../../shared/invitation.ts'
import type { Person } from '../../people/people.ts'
import { readMyReferral } from '../../referrals/read.ts'
import type { BotContext, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'

/** A link to forward to a friend, and what came of it so far. */
export async function showInvitation(context: BotContext, talk: Talk, person: Person): Promise<void> {
  const { sql, now, timeZone, chainName } = context
  const { words } = talk
  const mine = await readMyReferral(sql, person, { now: now(), timeZone })
  if (!mine.terms) return await say(talk, words.noInvitations, keyboardOf(context, talk, []))
  const link = linkOf(talk.me.username, mine.code)
  const share = new URL('https://t.me/share/url')
  share.searchParams.set('url', link)
  share.searchParams.set('text', words.invitationToShare(chainName))
  const keyboard = keyboardOf(context, talk, []).row().url(words.buttons.share, share.href)
  await say(talk, words.invite({ ...mine, terms: mine.terms, link }), keyboard)
}
