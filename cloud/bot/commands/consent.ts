import { consentVersion } from '../../../shared/consent.ts'
import { invitationOf } from '../../../shared/invitation.ts'
import { followLink, join } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { paragraphs } from '../html.ts'
import { type Action, change, plainKeyboard, say } from '../reply.ts'
import { showCard } from './card.ts'

/** A known customer has the card at once; of others nothing is kept before they agree. */
export async function start(context: BotContext, talk: Talk): Promise<void> {
  const invitation = invitationOf(typeof talk.match === 'string' ? talk.match : undefined)
  if (!talk.person) return await askConsent(context, talk, invitation)
  if (invitation !== undefined) await followLink(context.sql, talk.person, { invitation, now: context.now() })
  await showCard(context, talk, talk.person)
}

export async function askConsent(context: BotContext, talk: Talk, invitation?: string): Promise<void> {
  if (context.operator) await say(talk, talk.words.consent(context), consentButtons(talk, invitation))
  else await say(talk, talk.words.closed(context.supportContact))
}

export function agree(context: BotContext): Action<'agree'> {
  return async (talk, { consentVersion: version, invitation }) => {
    const { words, sender } = talk
    const { sql, token, operator, now, log } = context
    const joining = await join(sql, token, {
      telegramId: sender.id,
      firstName: sender.first_name,
      language: words.language,
      consentVersion: version,
      channel: 'bot',
      invitation,
      operator,
      now: now(),
    })
    switch (joining.status) {
      case 'consent_outdated':
        await change(
          talk,
          paragraphs([words.consentChanged, words.consent(context)]),
          consentButtons(talk, invitation),
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
    }
  }
}

export const decline: Action<'decline'> = async (talk) => {
  if (talk.person) return talk.words.declinedLate
  await change(talk, talk.words.declined)
}

/** Nothing is kept of who has not agreed: the button itself knows by whose link they came. */
function consentButtons({ words }: Talk, invitation: string | undefined) {
  return plainKeyboard([
    [{ text: words.buttons.agree, does: { action: 'agree', consentVersion, invitation } }],
    [{ text: words.buttons.decline, does: { action: 'decline' } }],
  ])
}
