import { consentVersion } from '../../../shared/consent.ts'
import { invitationOf } from '../../../shared/invitation.ts'
import { isStart } from '../../../shared/startParameter.ts'
import { followLink, join } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { paragraphs } from '../html.ts'
import { type Action, change, plainKeyboard, say } from '../reply.ts'
import { askAdvertising } from './advertising.ts'
import { showCard } from './card.ts'

/** A known customer has the card at once; of others nothing is kept before they agree. */
export async function start(context: BotContext, talk: Talk): Promise<void> {
  const start = startIn(talk)
  const invitation = invitationOf(start)
  if (!talk.person)
    return await askConsent(context, talk, start !== undefined && isStart(start) ? start : undefined)
  if (invitation !== undefined) await followLink(context.sql, talk.person, { invitation, now: context.now() })
  await showCard(context, talk, talk.person)
}

/** What Telegram hands on of the link by which they came. */
const startIn = ({ message }: Talk) => /^\/start(?:@\w+)? (\S+)$/.exec(message?.text ?? '')?.[1]

export async function askConsent(context: BotContext, talk: Talk, start?: string): Promise<void> {
  if (context.operator) await say(talk, talk.words.consent(context), consentButtons(talk, start))
  else await say(talk, talk.words.closed(context.supportContact))
}

export function agree(context: BotContext): Action<'agree'> {
  return async (talk, { consentVersion: version, start }) => {
    const { words, sender } = talk
    const { sql, token, operator, now, log } = context
    const joining = await join(sql, token, {
      telegramId: sender.id,
      firstName: sender.first_name,
      language: words.language,
      consentVersion: version,
      start,
      channel: 'bot',
      operator,
      now: now(),
    })
    switch (joining.status) {
      case 'consent_outdated':
        await change(
          talk,
          paragraphs([words.consentChanged, words.consent(context)]),
          consentButtons(talk, start),
        )
        return
      case 'closed':
        await change(talk, words.closed(context.supportContact))
        return
      case 'no_free_card':
        log.error('a customer got no card: nearly all are taken, set card_digits to more digits')
        await change(talk, words.noCards)
        return
      case 'joined':
      case 'known':
        await change(talk, paragraphs([words.consent(context), words.agreed]))
        await showCard(context, talk, joining.person, { isNew: joining.status === 'joined' })
        if (joining.status === 'joined') await askAdvertising(context, talk)
    }
  }
}

export const decline: Action<'decline'> = async (talk) => {
  if (talk.person) return talk.words.declinedLate
  await change(talk, talk.words.declined)
}

/** Nothing is kept of who has not agreed: the button itself knows by which link they came. */
function consentButtons({ words }: Talk, start?: string) {
  return plainKeyboard([
    [{ text: words.buttons.agree, does: { action: 'agree', consentVersion, ...(start && { start }) } }],
    [{ text: words.buttons.decline, does: { action: 'decline' } }],
  ])
}
