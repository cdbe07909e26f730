import { findCustomer } from '../../ledger/read.ts'
import type { Person } from '../../people/people.ts'
import type { House, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'
import type { Standing } from '../texts.ts'
import { askConsent } from './consent.ts'

export async function showBalance(house: House, talk: Talk, person: Person): Promise<void> {
  const standing = await readStanding(house, person)
  if (!standing) return await askConsent(house, talk)
  const buttons = [[{ text: talk.words.buttons.card, does: { action: 'card' as const } }]]
  await say(
    talk,
    talk.words.balance(standing, {
      now: house.now(),
      timeZone: house.timeZone,
      contact: house.supportContact,
    }),
    keyboardOf(house, talk, buttons),
  )
}

/** Null who was erased at this very moment, from the Mini App or by hand. */
export async function readStanding({ sql, now }: House, { card }: Person): Promise<Standing | null> {
  const customer = await findCustomer(sql, card, now())
  if (!customer) return null
  const { available, held, debt, expiresNext, status } = customer
  return { card, available, held, debt, expiresNext, isFrozen: status === 'frozen' }
}
