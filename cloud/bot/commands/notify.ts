import { choose, type Person } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { type Action, change, plainKeyboard, say } from '../reply.ts'

export async function showChoices(_: BotContext, talk: Talk, person: Person): Promise<void> {
  await say(talk, talk.words.notify, choiceButtons(talk, person))
}

export function chooseMessages({ sql }: BotContext): Action<'notify'> {
  return async (talk, { about, wish }) => {
    const isOn = wish === 'on'
    const person = await choose(sql, talk.sender.id, { [choices[about]]: isOn })
    if (!person) return talk.words.notRegistered
    await change(talk, talk.words.notify, choiceButtons(talk, person))
  }
}

const choices = { purchases: 'notifyPurchases', expiry: 'notifyExpiry', status: 'notifyStatus' } as const

export function choiceButtons(
  { words }: Talk,
  { notifyPurchases, notifyExpiry, notifyStatus, advertising }: Person,
) {
  const button = (about: keyof typeof choices, isOn: boolean) => ({
    text: words.buttons[about](isOn),
    does: { action: 'notify' as const, about, wish: isOn ? ('off' as const) : ('on' as const) },
  })
  return plainKeyboard([
    [button('purchases', notifyPurchases)],
    [button('expiry', notifyExpiry)],
    [button('status', notifyStatus)],
    [
      {
        text: words.buttons.advertising(advertising !== null),
        does: { action: 'advertising', wish: advertising ? ('stop' as const) : ('ask' as const) },
      },
    ],
  ])
}
