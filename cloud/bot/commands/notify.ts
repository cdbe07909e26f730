import { choose, type Person } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { type Action, change, plainKeyboard, say } from '../reply.ts'

export async function showChoices(_: BotContext, talk: Talk, person: Person): Promise<void> {
  await say(talk, talk.words.notify, choiceButtons(talk, person))
}

export function chooseMessages({ sql }: BotContext): Action<'notify'> {
  return async (talk, { about, wish }) => {
    const isOn = wish === 'on'
    const choice = about === 'purchases' ? { notifyPurchases: isOn } : { notifyExpiry: isOn }
    const person = await choose(sql, talk.sender.id, choice)
    if (!person) return talk.words.notRegistered
    await change(talk, talk.words.notify, choiceButtons(talk, person))
  }
}

function choiceButtons({ words }: Talk, { notifyPurchases, notifyExpiry }: Person) {
  const button = (about: 'purchases' | 'expiry', isOn: boolean) => ({
    text: words.buttons[about](isOn),
    does: { action: 'notify' as const, about, wish: isOn ? ('off' as const) : ('on' as const) },
  })
  return plainKeyboard([[button('purchases', notifyPurchases)], [button('expiry', notifyExpiry)]])
}
