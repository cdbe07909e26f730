import { findCustomer } from '../../ledger/read.ts'
import type { Person } from '../../people/people.ts'
import type { House, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'
import type { Standing } from '../texts.ts'

export async function showBalance(house: House, talk: Talk, person: Person): Promise<void> {
  const standing = await readStanding(house, person)
  const buttons = [[{ text: talk.words.buttons.card, does: { action: 'card' as const } }]]
  await say(talk, talk.words.balance(standing, house.now()), keyboardOf(house, talk, buttons))
}

export async function readStanding({ sql, now }: House, { card, status }: Person): Promise<Standing> {
  const customer = await findCustomer(sql, card, now())
  if (!customer) throw new Error('a person in Telegram has no customer')
  const { available, held, debt, expiresNext } = customer
  return { card, available, held, debt, expiresNext, isFrozen: status === 'frozen' }
}
