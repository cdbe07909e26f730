import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { newId } from '../../shared/id.ts'
import type { Accepted } from '../../shared/operation.ts'
import { ActError, InputError, perform } from '../acts/act.ts'
import {
  addConsent,
  addCustomer,
  adjustPoints,
  eraseCustomer,
  freezeCustomer,
  type Status,
  setAdvertising,
} from '../acts/customers.ts'
import { textInput } from '../acts/inputs.ts'
import { mergeCustomers, unmergeCustomers } from '../acts/merges.ts'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { readUnreviewed } from '../acts/proposalList.ts'
import { readBusyCards, readManyCards } from '../fleet/activity.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { type Command, command, commandOf, type House, UncertainError } from './command.ts'
import { listErasures } from './erasures.ts'
import { table } from './print.ts'
import { showCustomer, textOfCustomer } from './showCustomer.ts'

const MOST_FOUND = 50

/** By the beginning of the card, or by a part of the name in any case. */
const findInput = z.strictObject({ text: textInput, programme: programmeInput })

export async function findCustomers({ sql }: House, { text, programme }: z.output<typeof findInput>) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const pattern = text.replace(/[\\%_]/g, '\\$&')
  const rows = await sql<{ card: string; firstName: string | null; status: Status | 'merged' }[]>`
    select card, first_name as "firstName", case when merged_into is null then status else 'merged' end as status
    from customers
    where programme_id = ${programmeId}
      and (card like ${`${pattern}%`} or first_name ilike ${`%${pattern}%`})
    order by card limit ${MOST_FOUND}`
  return { customers: [...rows] }
}

const busyInput = z.strictObject({ programme: programmeInput })

/** Those that alerts are about: a card that buys so often, or stands for so many others, is perhaps the cashier's own. */
export async function busyCustomers({ sql, now }: House, { programme }: z.output<typeof busyInput> = {}) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const { alert_purchases_a_card_a_day: purchases, alert_cards_of_a_customer: most } = await readThresholds(
    sql,
    programmeId,
  )
  const cards = await readBusyCards(sql, { above: [{ programmeId, purchases }], now })
  const manyCards = (await readManyCards(sql, now)).filter(
    (one) => one.programmeId === programmeId && one.others > most,
  )
  return {
    customers: cards.map(({ card, purchases, points }) => ({ card, purchases, points })),
    withManyCards: manyCards.map(({ card, others }) => ({ card, others })),
  }
}

const adjustmentInput = adjustPoints.input.partial({ id: true })

/** The id is said where it is not known what became of it. */
export async function adjustOnce(
  house: House,
  { id = newId(house.now), ...adjustment }: z.input<typeof adjustmentInput>,
): Promise<Accepted> {
  try {
    const done = await perform(adjustPoints, { id, ...adjustment }, house)
    const alone = (await readUnreviewed(house.sql)).find(({ operation }) => operation === id)
    if (alone)
      house.warn(
        `So much is for two people to decide: somebody else is to look at proposal ${alone.id}, and an alert lasts until then.`,
      )
    return done
  } catch (error) {
    if (error instanceof ActError || error instanceof InputError) throw error
    throw new UncertainError(
      `It is not known whether the points moved: repeat the same command with --id ${id}, they move once.`,
      error as Error,
    )
  }
}

/** With the list of erasures outside of the database. */
export async function eraseAndList(house: House, { card }: { card: string }): Promise<Standing> {
  const { debtLeft } = await perform(eraseCustomer, { card }, house)
  if (debtLeft > 0)
    house.warn(
      `${debtLeft} points were owed on card ${card}, and nobody will be asked for them: the person is not in Telegram, ` +
        'or TELEGRAM_BOT_TOKEN is not set here as it is for the cloud.',
    )
  await listErasures(house, house.erasuresFile)
  return { card, status: 'erased' }
}

type Standing = { card: string; status: Status }

const cardInput = z.strictObject({ card: cardSchema })
const statusText = ({ card, status }: Standing) => `Card ${card} is ${status}.`

export const customerCommands: Record<string, Command> = {
  'customer add': commandOf(addCustomer, {
    usage:
      'customer add --name <first name> [--card <digits>] [--consent <how it was given>] [--programme <id or name>]',
    text: ({ card }) => card,
  }),
  'customer consent': commandOf(addConsent, {
    usage: 'customer consent --card <card> --consent <how it was given>',
    text: ({ card, consent }) => `The consent of card ${card} is recorded: ${consent}.`,
  }),
  'customer advertising': commandOf(setAdvertising, {
    usage: 'customer advertising --card <card> (--consent <how it was given> | --undo)',
    text: ({ card, advertising }) =>
      advertising ? `Card ${card} agrees to advertising.` : `Card ${card} is sent no advertising.`,
  }),
  'customer show': command({
    usage: 'customer show --card <card>',
    input: cardInput,
    run: showCustomer,
    text: textOfCustomer,
  }),
  'customer find': command({
    usage: 'customer find --text <beginning of the card, or part of the name> [--programme <id or name>]',
    input: findInput,
    run: findCustomers,
    text: ({ customers }) =>
      table(
        ['card', 'name', 'status'],
        customers.map(({ card, firstName, status }) => [card, firstName, status]),
      ),
  }),
  'customer busy': command({
    usage: 'customer busy [--programme <id or name>]',
    input: busyInput,
    run: busyCustomers,
    text: ({ customers }) =>
      table(
        ['card', 'purchases within a day', 'points'],
        customers.map(({ card, purchases, points }) => [card, purchases, points]),
      ),
  }),
  'customer adjust': command({
    usage: 'customer adjust --card <card> --points <±points> --reason <why> [--id <uuid>]',
    input: adjustmentInput,
    run: adjustOnce,
    text: ({ earned, customer }) =>
      `${earned > 0 ? '+' : ''}${earned} points: card ${customer.card} now has ${customer.available} available.`,
  }),
  'customer merge': commandOf(mergeCustomers, {
    usage: 'customer merge --card <card> --other <card> --reason <why>',
    text: ({ customer }) =>
      `The cards are one: card ${customer.card} now has ${customer.available} available.`,
  }),
  'customer unmerge': commandOf(unmergeCustomers, {
    usage: 'customer unmerge --card <old card> --reason <why>',
    text: ({ customer, from, stays }) =>
      `Card ${customer.card} is its own again with ${customer.available} points; ${stays} that it had brought were spent or died, and stay with card ${from}.`,
  }),
  'customer freeze': commandOf(freezeCustomer, {
    usage: 'customer freeze --card <card> [--undo]',
    text: statusText,
  }),
  'customer erase': command({
    usage: 'customer erase --card <card>',
    input: eraseCustomer.input,
    run: eraseAndList,
    text: statusText,
  }),
}
