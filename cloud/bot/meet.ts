import type { MiddlewareFn } from 'grammy'
import { languageOf } from '../../shared/language.ts'
import { SECOND } from '../../shared/time.ts'
import { withDeadline } from '../deadline.ts'
import { findPerson, setReachable } from '../people/people.ts'
import type { BotContext, Talk } from './context.ts'
import { textsOf } from './texts.ts'

/**
 * Messages and taps of a person in a chat with nobody else. In a group everybody would read a card and its points,
 * so there the bot says nothing at all; and nothing else that Telegram may tell one day is for us.
 */
export const privateOnly: MiddlewareFn<Talk> = async (talk, next) => {
  const { message, callback_query: tap, my_chat_member: membership } = talk.update
  const update = message ?? tap ?? membership
  if (!update?.from || update.from.is_bot) return
  const chat = message?.chat ?? tap?.message?.chat ?? membership?.chat
  if (chat?.type !== 'private') return
  talk.sender = update.from
  await next()
}

/** Beyond what a hand can tap there is no answer: an answer a message is what a flood is after. */
export function slowDown({ limiter, now }: BotContext): MiddlewareFn<Talk> {
  return async (talk, next) => {
    const at = now()
    if (limiter.waitSeconds(talk.sender.id, at) > 0) return
    limiter.spend(talk.sender.id, at)
    await next()
  }
}

const ANSWER_WITHIN_MS = 9 * SECOND

/** A database that is silent must not keep people waiting for ever, nor a webhook longer than Telegram waits. */
export const answerInTime: MiddlewareFn<Talk> = async (_, next) => {
  await withDeadline(next(), ANSWER_WITHIN_MS, () =>
    Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }),
  )
}

/** A person who writes to us can be written to again. */
export function meet({ sql, now }: BotContext): MiddlewareFn<Talk> {
  return async (talk, next) => {
    const { id, language_code: code } = talk.sender
    talk.words = textsOf(languageOf(code))
    talk.person = await findPerson(sql, id)
    if (talk.person) {
      talk.words = textsOf(talk.person.language)
      await setReachable(sql, id, { isReachable: true, now: now() })
    }
    await next()
  }
}

/** The person has blocked the bot, or unblocked it. */
export function hearOfBlocking({ sql, now }: BotContext): MiddlewareFn<Talk> {
  return async (talk) => {
    const status = talk.myChatMember?.new_chat_member.status
    await setReachable(sql, talk.sender.id, { isReachable: status === 'member', now: now() })
  }
}
