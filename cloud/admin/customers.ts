import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { newId } from '../../shared/id.ts'
import { type Accepted, operationIdSchema } from '../../shared/operation.ts'
import type { Instant } from '../../shared/time.ts'
import { logChange } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import { readBusyCards } from '../fleet/activity.ts'
import { readThresholds } from '../fleet/thresholds.ts'
import { authorName } from '../ledger/rows.ts'
import { recordConsent } from '../people/consents.ts'
import { eraseWithin } from '../people/erase.ts'
import { registerCustomer } from '../people/registration.ts'
import { askLedger } from './ask.ts'
import { AdminError, type Command, command, type House, refusal, UncertainError } from './command.ts'
import { listErasures } from './erasures.ts'
import { flagInput, integerInput, textInput } from './inputs.ts'
import { table } from './print.ts'
import { showCustomer, textOfCustomer } from './showCustomer.ts'

type Status = 'active' | 'frozen' | 'erased'

export async function addCustomer(
  { sql, now, admin }: House,
  { name, card, consent }: { name: string; card?: string | undefined; consent?: string | undefined },
): Promise<{ card: string }> {
  const registration = await registerCustomer(sql, {
    firstName: name,
    card,
    consent: consent === undefined ? undefined : { channel: 'staff', note: consent },
    author: admin,
    now,
  })
  switch (registration.status) {
    case 'registered':
      return { card: registration.card }
    case 'card_taken':
      throw new AdminError(
        'card_taken',
        `Card ${card} belongs to a customer already: choose another, or leave --card out to have one drawn.`,
      )
    case 'no_free_card':
      throw new AdminError(
        'no_free_card',
        `Nearly all cards of ${registration.digits} digits are taken: set card_digits to more digits first.`,
      )
  }
}

/** Of somebody whose consent was not written down when they got the card. */
export async function recordConsentOf(
  { sql, now, admin }: House,
  { card, consent }: { card: string; consent: string },
): Promise<{ card: string; consent: string }> {
  return await sql.begin(async (sql) => {
    const { customerId, status } = await lockCustomer(sql, card)
    if (status === 'erased') throw erased(card)
    const who = authorName(admin)
    const given = { channel: 'staff', note: consent } as const
    if (!(await recordConsent(sql, { customerId, given, who, now })))
      throw new AdminError(
        'consent_recorded',
        `A consent of card ${card} is recorded already: see "customer show".`,
      )
    await logChange(sql, {
      who,
      action: 'customer consent',
      subject: `customer ${card}`,
      before: { consent: 'none' },
      after: { consent: given.channel },
    })
    return { card, consent }
  })
}

const MOST_FOUND = 50

/** By the beginning of the card, or by a part of the name in any case. */
export async function findCustomers({ sql }: House, { text }: { text: string }) {
  const pattern = text.replace(/[\\%_]/g, '\\$&')
  const rows = await sql<{ card: string; firstName: string | null; status: Status }[]>`
    select card, first_name as "firstName", status from customers
    where card like ${`${pattern}%`} or first_name ilike ${`%${pattern}%`}
    order by card limit ${MOST_FOUND}`
  return { customers: [...rows] }
}

/** Those that alerts are about: a card that buys so often is perhaps the cashier's own. */
export async function busyCustomers({ sql, now }: House) {
  const { alert_purchases_a_card_a_day: above } = await readThresholds(sql)
  const cards = await readBusyCards(sql, { above, now })
  return { customers: cards.map(({ card, purchases, points }) => ({ card, purchases, points })) }
}

interface Adjustment {
  card: string
  points: number
  reason: string
  /** Of an adjustment that may have been done already. */
  id?: string | undefined
}

/** Moves points by hand, and says who and why in the same transaction. */
export async function adjustPoints(
  house: House,
  { id = newId(house.now), ...adjustment }: Adjustment,
): Promise<Accepted> {
  try {
    return await house.sql.begin((sql) => adjustWithin(sql, house, { id, ...adjustment }))
  } catch (error) {
    if (error instanceof AdminError) throw error
    throw new UncertainError(
      `It is not known whether the points moved: repeat the same command with --id ${id}, they move once.`,
      error as Error,
    )
  }
}

async function adjustWithin(
  sql: Tx,
  house: House,
  { id, card, points, reason }: Adjustment & { id: string },
): Promise<Accepted> {
  const { now, admin: author } = house
  // The same command may still be under way: it is waited for, so that what it did is seen.
  await lockCustomer(sql, card)
  const at = (await timeOfOperation(sql, id)) ?? now
  const outcome = await askLedger(sql, house, { kind: 'adjust', id, at, card, points, reason, author })
  if (outcome.status === 'refused') throw refusal(outcome)
  if (!outcome.replay) await logAdjustment(sql, { who: authorName(author), outcome, reason })
  return outcome
}

/** Its time is part of what an operation is: one that is repeated has the time it had. */
async function timeOfOperation(sql: Tx, id: string): Promise<Instant | null> {
  const [row] = await sql<{ at: Instant }[]>`select at from operations where id = ${id}`
  return row?.at ?? null
}

async function logAdjustment(
  sql: Tx,
  { who, outcome, reason }: { who: string; outcome: Accepted; reason: string },
) {
  const { card } = outcome.customer
  const [moved] = await sql<{ first: number; last: number }[]>`
    select (array_agg(balance_before order by seq))[1] as first, (array_agg(balance_after order by seq desc))[1] as last
    from entries
    where customer_id = (select id from customers where card = ${card}) and operation_id = ${outcome.id}`
  await logChange(sql, {
    who,
    action: 'customer adjust',
    subject: `customer ${card}`,
    before: { balance: moved?.first },
    after: { balance: moved?.last, operation: outcome.id, reason },
  })
}

/** A frozen customer earns and spends nothing; what already happened is still recorded. */
export async function freezeCustomer(
  house: House,
  { card, undo }: { card: string; undo: boolean },
): Promise<Standing> {
  const status: Status = undo ? 'active' : 'frozen'
  return await house.sql.begin(async (sql) => {
    const { status: before } = await lockCustomer(sql, card)
    if (before === 'erased') throw erased(card)
    if (before === status) return { card, status }
    await sql`update customers set status = ${status}, profile_tx = pg_current_xact_id() where card = ${card}`
    await logChange(sql, {
      who: authorName(house.admin),
      action: 'customer freeze',
      subject: `customer ${card}`,
      before: { status: before },
      after: { status },
    })
    return { card, status }
  })
}

export async function eraseCustomer(house: House, { card }: { card: string }): Promise<Standing> {
  const { now, botToken: secret } = house
  const who = authorName(house.admin)
  const status: Status = 'erased'
  const debtLeft = await house.sql.begin(async (sql) => {
    const { customerId, status: before } = await lockCustomer(sql, card)
    if (before === status) return 0
    return (await eraseWithin(sql, { customerId, card, before, who, secret, now })).debtLeft
  })
  if (debtLeft > 0)
    house.warn(
      `${debtLeft} points were owed on card ${card}, and nobody will be asked for them: the person is not in Telegram, ` +
        'or TELEGRAM_BOT_TOKEN is not set here as it is for the cloud.',
    )
  await listErasures(house, house.erasuresFile)
  return { card, status }
}

const erased = (card: string) => new AdminError('customer_erased', `The customer of card ${card} is erased.`)

type Standing = { card: string; status: Status }

async function lockCustomer(sql: Tx, card: string): Promise<{ customerId: number; status: Status }> {
  const [row] = await sql<{ customerId: number; status: Status }[]>`
    select id as "customerId", status from customers where card = ${card} for no key update`
  if (row) return row
  throw new AdminError('customer_not_found', `No customer has the card ${card}: try "customer find".`)
}

const cardInput = z.strictObject({ card: cardSchema })
const statusText = ({ card, status }: { card: string; status: Status }) => `Card ${card} is ${status}.`

export const customerCommands: Record<string, Command> = {
  'customer add': command({
    usage: 'customer add --name <first name> [--card <digits>] [--consent <how it was given>]',
    input: z.strictObject({ name: textInput, card: cardSchema.optional(), consent: textInput.optional() }),
    run: addCustomer,
    text: ({ card }) => card,
  }),
  'customer consent': command({
    usage: 'customer consent --card <card> --consent <how it was given>',
    input: cardInput.extend({ consent: textInput }),
    run: recordConsentOf,
    text: ({ card, consent }) => `The consent of card ${card} is recorded: ${consent}.`,
  }),
  'customer show': command({
    usage: 'customer show --card <card>',
    input: cardInput,
    run: showCustomer,
    text: textOfCustomer,
  }),
  'customer find': command({
    usage: 'customer find --text <beginning of the card, or part of the name>',
    input: z.strictObject({ text: textInput }),
    run: findCustomers,
    text: ({ customers }) =>
      table(
        ['card', 'name', 'status'],
        customers.map(({ card, firstName, status }) => [card, firstName, status]),
      ),
  }),
  'customer busy': command({
    usage: 'customer busy',
    input: z.strictObject({}),
    run: busyCustomers,
    text: ({ customers }) =>
      table(
        ['card', 'purchases within a day', 'points'],
        customers.map(({ card, purchases, points }) => [card, purchases, points]),
      ),
  }),
  'customer adjust': command({
    usage: 'customer adjust --card <card> --points <±points> --reason <why> [--id <uuid>]',
    input: cardInput.extend({ points: integerInput, reason: textInput, id: operationIdSchema.optional() }),
    run: adjustPoints,
    text: ({ earned, customer }) =>
      `${earned > 0 ? '+' : ''}${earned} points: card ${customer.card} now has ${customer.available} available.`,
  }),
  'customer freeze': command({
    usage: 'customer freeze --card <card> [--undo]',
    input: cardInput.extend({ undo: flagInput }),
    run: freezeCustomer,
    text: statusText,
  }),
  'customer erase': command({
    usage: 'customer erase --card <card>',
    input: cardInput,
    run: eraseCustomer,
    text: statusText,
  }),
}
