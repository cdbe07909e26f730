import { randomInt } from 'node:crypto'
import { cardSchema } from '../../shared/card.ts'
import { newId } from '../../shared/id.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Changed } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import type { Author } from '../ledger/account.ts'
import { postWithin } from '../ledger/post.ts'
import { readSettings } from '../ledger/programme.ts'
import { authorName } from '../ledger/rows.ts'
import { type ConsentGiven, recordConsent } from './consents.ts'

export interface NewCustomer {
  programmeId: number
  firstName: string
  /** Absent: one is drawn. */
  card?: string | undefined
  /** The person had the welcome bonus before. */
  isWelcomed?: boolean | undefined
  /** Absent: none is recorded. */
  consent?: ConsentGiven | undefined
  author: Author
  now: Instant
}

export type Registration =
  | { status: 'registered'; customerId: number; card: string; welcomeBonus: number; change: Changed }
  | { status: 'card_taken' }
  | { status: 'no_free_card'; digits: number }

/**
 * Makes a customer with a card and, in the same transaction, gives the welcome bonus: once, or neither. The caller
 * writes the change into the log.
 */
export async function registerWithin(
  sql: Tx,
  customer: NewCustomer,
  draw: Draw = drawDigits,
): Promise<Registration> {
  const { programmeId } = customer
  const settings = await readSettings(sql, { programmeId })
  const { card_digits: digits } = settings
  const welcomeBonus = customer.isWelcomed ? 0 : settings.welcome_bonus_points
  const created = customer.card
    ? await insertCustomer(sql, customer, customer.card)
    : await insertWithDrawnCard(sql, customer, () => draw(digits))
  if (!created) return customer.card ? { status: 'card_taken' } : { status: 'no_free_card', digits }
  const { customerId } = created
  const { consent: given, now } = customer
  if (given)
    await recordConsent(sql, {
      customerId,
      purpose: 'programme',
      given,
      who: authorName(customer.author),
      now,
    })
  if (welcomeBonus > 0) await giveWelcomeBonus(sql, created.card, { points: welcomeBonus, now })
  const change = {
    subject: `customer ${created.card}`,
    after: { status: 'active', welcomeBonus, consent: given?.channel ?? 'none' },
  }
  return { status: 'registered', ...created, welcomeBonus, change }
}

type Draw = (digits: number) => string

/** The digits of a card, at random, so that a card cannot be guessed from those before it. */
function drawDigits(digits: number): string {
  return String(randomInt(10 ** digits)).padStart(digits, '0')
}

/** With 7 of 10 cards taken, all the draws miss once in 40,000 times. */
const DRAWS = 30

async function insertWithDrawnCard(sql: Tx, customer: NewCustomer, draw: () => string) {
  for (let attempt = 0; attempt < DRAWS; attempt += 1) {
    const card = draw()
    // A long number may begin with 99, and then it is no card.
    const created = cardSchema.safeParse(card).success ? await insertCustomer(sql, customer, card) : null
    if (created) return created
  }
  return null
}

async function insertCustomer(sql: Tx, { programmeId, firstName, now }: NewCustomer, card: string) {
  const [row] = await sql<{ customerId: number; card: string }[]>`
    insert into customers (programme_id, card, first_name, created_at)
    values (${programmeId}, ${card}, ${firstName}, ${toIso(now)})
    on conflict (card) do nothing
    returning id as "customerId", card`
  return row ?? null
}

async function giveWelcomeBonus(
  sql: Tx,
  card: string,
  { points, now }: { points: number; now: Instant },
): Promise<void> {
  const author: Author = { type: 'system', name: 'welcome' }
  const bonus = { id: newId(now), kind: 'bonus' as const, at: now, card, points, reason: 'welcome', author }
  const [outcome] = await postWithin(sql, [bonus], { now: () => now })
  if (outcome?.status !== 'accepted') throw new Error(`the welcome bonus was refused: ${outcome?.message}`)
}
