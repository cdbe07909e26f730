import { advertisingVersion } from '../../../shared/consent.ts'
import { type AdvertisingWish, chooseAdvertising } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { type Action, change, plainKeyboard, say, type Toast } from '../reply.ts'
import { choiceButtons } from './notify.ts'

/** Apart from the consent to take part, and behind it: whoever does not answer has not agreed. */
export async function askAdvertising(context: BotContext, talk: Talk): Promise<void> {
  await say(talk, talk.words.advertising(context), questionButtons(talk))
}

export function advertise(context: BotContext): Action<'advertise'> {
  return (talk, { version }) => choose(context, talk, { version })
}

/** Whoever would have it later is shown the text first; what was agreed to ends by one tap. */
export function chooseAdvertisement(context: BotContext): Action<'advertising'> {
  return async (talk, { wish }) => {
    if (!talk.person) return talk.words.notRegistered
    if (wish === 'stop') return await choose(context, talk, 'withdraw')
    if (wish === 'no') await change(talk, talk.words.noAdvertising)
    else await change(talk, talk.words.advertising(context), questionButtons(talk))
    return undefined
  }
}

async function choose(
  { sql, now, ...context }: BotContext,
  talk: Talk,
  wish: AdvertisingWish,
): Promise<Toast> {
  const person = await chooseAdvertising(sql, talk.sender.id, { wish, channel: 'bot', now: now() })
  if (person === null) return talk.words.notRegistered
  if (person === 'consent_outdated') {
    await change(talk, talk.words.advertising(context), questionButtons(talk))
    return talk.words.oldButton
  }
  if (wish === 'withdraw') await change(talk, talk.words.notify, choiceButtons(talk, person))
  else await change(talk, talk.words.advertisingAgreed)
  return undefined
}

function questionButtons({ words }: Talk) {
  return plainKeyboard([
    [{ text: words.buttons.advertise, does: { action: 'advertise', version: advertisingVersion } }],
    [{ text: words.buttons.noAdvertising, does: { action: 'advertising', wish: 'no' } }],
  ])
}
