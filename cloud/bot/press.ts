import type { Person } from '../people/people.ts'
import { type Button, readButton } from './buttons.ts'
import { advertise, chooseAdvertisement } from './commands/advertising.ts'
import { showBalance } from './commands/balance.ts'
import { showCard } from './commands/card.ts'
import { agree, decline } from './commands/consent.ts'
import { forgetForGood, keep } from './commands/forget.ts'
import { showHistory } from './commands/history.ts'
import { chooseMessages } from './commands/notify.ts'
import type { BotContext, Talk } from './context.ts'
import { acknowledge, type Toast } from './reply.ts'

/** What a tapped button does. It may be of any age, and need not be one of ours. */
export async function press(context: BotContext, talk: Talk): Promise<void> {
  const button = readButton(talk.callbackQuery?.data ?? '')
  const toast = button ? await act(context, talk, button) : talk.words.oldButton
  await acknowledge(talk, toast)
}

async function act(context: BotContext, talk: Talk, button: Button): Promise<Toast> {
  switch (button.action) {
    case 'agree':
      return await agree(context)(talk, button)
    case 'decline':
      return await decline(talk, button)
    case 'notify':
      return await chooseMessages(context)(talk, button)
    case 'advertising':
      return await chooseAdvertisement(context)(talk, button)
    case 'advertise':
      return await advertise(context)(talk, button)
    case 'forget':
      return await forgetForGood(context)(talk, button)
    case 'keep':
      return await keep(talk, button)
    case 'card':
      return await ofPerson(talk, (person) => showCard(context, talk, person))
    case 'balance':
      return await ofPerson(talk, (person) => showBalance(context, talk, person))
    case 'history':
      return await ofPerson(talk, (person) => showHistory(context, talk, person, button))
  }
}

async function ofPerson(talk: Talk, show: (person: Person) => Promise<void>): Promise<Toast> {
  if (!talk.person) return talk.words.notRegistered
  await show(talk.person)
  return undefined
}
