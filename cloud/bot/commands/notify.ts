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

const choices = {
  purchases: 'notifyPurchases',
  expiry: 'notifyExpiry',
  status: 'notifyStatus',
  referrals: 'notifyReferrals',
  vouchers: 'notifyVouchers',
} as const

export function choiceButtons({ words }: Talk, person: Person) {
  const abouts = Object.keys(choices) as (keyof typeof choices)[]
  const { advertising } = person
  return plainKeyboard([
    ...abouts.map((about) => {
      const isOn = person[choices[about]]
      return [
        {
          text: words.buttons[about](isOn),
          does: { action: 'notify' as const, about, wish: isOn ? ('off' as const) : ('on' as const) },
        },
      ]
    }),
    [
      {
        text: words.buttons.advertising(advertising !== null),
        does: { action: 'advertising', wish: advertising ? ('stop' as const) : ('ask' as const) },
      },
    ],
  ])
}
