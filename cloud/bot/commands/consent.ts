import { consentVersion } from '../../../shared/consent.ts'
import { joinCodeOf, startOf } from '../../../shared/joinCode.ts'
import { join } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { paragraphs } from '../html.ts'
import { type Action, change, plainKeyboard, say } from '../reply.ts'
import { askAdvertising } from './advertising.ts'
import { showCard } from './card.ts'

/** A known customer has the card at once; of others nothing is kept before they agree. */
export async function start(context: BotContext, talk: Talk): Promise<void> {
  if (talk.person) await showCard(context, talk, talk.person)
  else await askConsent(context, talk, joinCodeOf(startIn(talk)) ?? undefined)
}

/** What Telegram hands on of the link by which they came. */
const startIn = ({ message }: Talk) => /^\/start(?:@\w+)? (\S+)$/.exec(message?.text ?? '')?.[1]

export async function askConsent(context: BotContext, talk: Talk, joinCode?: string): Promise<void> {
  if (context.operator) await say(talk, talk.words.consent(context), consentButtons(talk, joinCode))
  else await say(talk, talk.words.closed(context.supportContact))
}

export function agree(context: BotContext): Action<'agree'> {
  return async (talk, { consentVersion: version, joinCode }) => {
    const { words, sender } = talk
    const { sql, token, operator, now, log } = context
    const joining = await join(sql, token, {
      telegramId: sender.id,
      firstName: sender.first_name,
      language: words.language,
      consentVersion: version,
      ...(joinCode && { start: startOf(joinCode) }),
      channel: 'bot',
      operator,
      now: now(),
    })
    switch (joining.status) {
      case 'consent_outdated':
        await change(
          talk,
          paragraphs([words.consentChanged, words.consent(context)]),
          consentButtons(talk, joinCode),
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

function consentButtons({ words }: Talk, joinCode?: string) {
  return plainKeyboard([
    [{ text: words.buttons.agree, does: { action: 'agree', consentVersion, ...(joinCode && { joinCode }) } }],
    [{ text: words.buttons.decline, does: { action: 'decline' } }],
  ])
}
