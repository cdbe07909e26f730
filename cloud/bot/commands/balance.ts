import { findCustomer } from '../../ledger/read.ts'
import { frozenOf, type Person } from '../../people/people.ts'
import type { BotContext, Talk } from '../context.ts'
import { keyboardOf, say } from '../reply.ts'
import type { Balance } from '../texts.ts'
import { askConsent } from './consent.ts'

export async function showBalance(context: BotContext, talk: Talk, person: Person): Promise<void> {
  const standing = await readStanding(context, person)
  if (!standing) return await askConsent(context, talk)
  const buttons = [[{ text: talk.words.buttons.card, does: { action: 'card' as const } }]]
  const { timeZone, supportContact: contact } = context
  const text = talk.words.balance(standing, { now: context.now(), timeZone, contact })
  await say(talk, text, keyboardOf(context, talk, buttons))
}

/** Null who was erased at this very moment, from the Mini App or by hand. */
export async function readStanding({ sql, now }: BotContext, person: Person): Promise<Balance | null> {
  const { card } = person
  const customer = await findCustomer(sql, card, now())
  if (!customer) return null
  const { available, held, debt, expiresNext, waiting } = customer
  return { card, available, held, debt, expiresNext, waiting, frozen: frozenOf(person) }
}
