import { hash, randomInt } from 'node:crypto'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Author } from '../ledger/account.ts'
import { post } from '../ledger/post.ts'
import { readProgramme } from '../ledger/programme.ts'
import { authorName } from '../ledger/rows.ts'
import { logChange } from './auditLog.ts'

export interface NewCustomer {
  firstName: string
  /** Absent: one is drawn. */
  card?: string | undefined
  author: Author
  now: Instant
}

export type Registration =
  | { status: 'registered'; customerId: number; card: string; welcomeBonus: number }
  | { status: 'card_taken' }
  | { status: 'no_free_card'; digits: number }

/**
 * Makes a customer with a card. The welcome bonus is a posting of its own right after: its id follows
 * from the customer, so that whatever happens it can be given once only.
 */
export async function registerCustomer(
  sql: Sql,
  customer: NewCustomer,
  draw: Draw = drawDigits,
): Promise<Registration> {
  const { programme } = await readProgramme(sql)
  const digits = programme.card_digits
  const created = await sql.begin(async (sql) => {
    const created = customer.card
      ? await insertCustomer(sql, customer, customer.card)
      : await insertWithDrawnCard(sql, customer, () => draw(digits))
    if (created) {
      await logChange(sql, {
        who: authorName(customer.author),
        action: 'customer add',
        subject: `customer ${created.card}`,
        after: { status: 'active', welcomeBonus: programme.welcome_bonus_points },
      })
    }
    return created
  })
  if (!created) return customer.card ? { status: 'card_taken' } : { status: 'no_free_card', digits }
  await giveWelcomeBonus(sql, { ...created, points: programme.welcome_bonus_points, now: customer.now })
  return { status: 'registered', ...created, welcomeBonus: programme.welcome_bonus_points }
}

type Draw = (digits: number) => string

/** At random, so that nobody can tell a card from those before it. */
function drawDigits(digits: number): string {
  return String(randomInt(10 ** digits)).padStart(digits, '0')
}

/** With 7 of 10 cards taken, all the draws miss once in 40,000 times. */
const DRAWS = 30

async function insertWithDrawnCard(sql: Tx, customer: NewCustomer, draw: () => string) {
  for (let attempt = 0; attempt < DRAWS; attempt += 1) {
    const created = await insertCustomer(sql, customer, draw())
    if (created) return created
  }
  return null
}

async function insertCustomer(sql: Tx, { firstName, now }: NewCustomer, card: string) {
  const [row] = await sql<{ customerId: number; card: string }[]>`
    insert into customers (card, first_name, created_at) values (${card}, ${firstName}, ${toIso(now)})
    on conflict (card) do nothing
    returning id as "customerId", card`
  return row ?? null
}

interface WelcomeBonus {
  customerId: number
  card: string
  points: number
  now: Instant
}

async function giveWelcomeBonus(sql: Sql, { customerId, card, points, now }: WelcomeBonus): Promise<void> {
  if (points === 0) return
  const author: Author = { type: 'system', name: 'welcome' }
  const id = welcomeBonusId(customerId)
  try {
    const bonus = { id, kind: 'bonus' as const, at: now, card, points, reason: 'welcome', author }
    const [outcome] = await post(sql, [bonus], { now: () => now })
    if (outcome?.status !== 'accepted') throw new Error(outcome?.message)
  } catch (error) {
    throw new Error(
      `Card ${card} is registered, but its welcome bonus of ${points} points was not given ` +
        `(${(error as Error).message}): give it by an adjustment.`,
      { cause: error },
    )
  }
}

/** A UUID (version 8: made in a way of our own) that is the same every time it is asked for. */
function welcomeBonusId(customerId: number): string {
  const digest = hash('sha256', `welcome bonus of customer ${customerId}`, 'hex')
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`
}
