import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { worthKopecks } from '../../shared/money.ts'
import { operationIdSchema } from '../../shared/operation.ts'
import { refusalMessages } from '../../shared/refusal.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { APPROVED_LIMIT_POINTS } from '../ledger/refusals.ts'
import { authorName } from '../ledger/rows.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { readConsent, recordConsent, withdrawAdvertisingConsent } from '../people/consents.ts'
import { eraseWithin } from '../people/erase.ts'
import { registerWithin } from '../people/registration.ts'
import { ActError, act } from './act.ts'
import { flagInput, integerInput, textInput } from './inputs.ts'
import { askLedger, refusal } from './ledger.ts'
import { placeOfCustomer, placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

const cardInput = z.strictObject({ card: cardSchema })

export const addCustomer = act({
  name: 'customer add',
  title: 'Add a customer',
  input: z.strictObject({
    name: textInput,
    card: cardSchema.optional(),
    consent: textInput.optional(),
    programme: programmeInput,
  }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  async run(sql, { name: firstName, card, consent: note, programme }, { who: author, now }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const consent = note === undefined ? undefined : { channel: 'staff' as const, note }
    const registration = await registerWithin(sql, { programmeId, firstName, card, consent, author, now })
    switch (registration.status) {
      case 'registered':
        return { result: { card: registration.card }, change: registration.change }
      case 'card_taken':
        throw new ActError(
          'card_taken',
          `Card ${card} belongs to a customer already: choose another, or leave --card out to have one drawn.`,
        )
      case 'no_free_card':
        throw new ActError(
          'no_free_card',
          `Nearly all cards of ${registration.digits} digits are taken: set card_digits to more digits first.`,
        )
    }
  },
})

/** Records the consent of a person whose consent was not written down when they got the card. */
export const addConsent = act({
  name: 'customer consent',
  title: 'Record the consent of a customer',
  input: cardInput.extend({ consent: textInput }),
  place: placeOfCustomer,
  async run(sql, { card, consent }, { who, now }) {
    const { customerId, status } = await lockCustomer(sql, card)
    if (status === 'erased') throw erased(card)
    const given = { channel: 'staff', note: consent } as const
    if (!(await recordConsent(sql, { customerId, purpose: 'programme', given, who: authorName(who), now })))
      throw new ActError(
        'consent_recorded',
        `A consent of card ${card} is recorded already: see "customer show".`,
      )
    const before = { consent: 'none' }
    const after = { consent: given.channel }
    return { result: { card, consent }, change: { subject: subjectOf(card), before, after } }
  },
})

/** Records what a customer tells staff about advertising: they agree, as noted, or do not any more. */
export const setAdvertising = act({
  name: 'customer advertising',
  title: 'Record or withdraw the consent of a customer to advertising',
  input: cardInput
    .extend({ consent: textInput.optional(), undo: flagInput })
    .refine(({ consent, undo }) => (consent === undefined) === Boolean(undo), {
      message: 'say either how the consent was given, or that it is withdrawn',
    }),
  place: placeOfCustomer,
  async run(sql, { card, consent }, { who, now }) {
    const { customerId, status } = await lockCustomer(sql, card)
    if (status === 'erased') throw erased(card)
    const result = { card, advertising: consent !== undefined }
    const change = {
      subject: subjectOf(card),
      before: { advertising: !result.advertising },
      after: { advertising: result.advertising },
    }
    if (consent === undefined) {
      const isWithdrawn = await withdrawAdvertisingConsent(sql, { customerId, now })
      return { result, change: isWithdrawn ? change : null }
    }
    if ((await readConsent(sql, customerId, 'programme')) === null)
      throw new ActError(
        'no_consent',
        `No consent to take part is recorded of card ${card}: record that one first, with "customer consent".`,
      )
    const given = { channel: 'staff', note: consent } as const
    const recorded = { customerId, purpose: 'advertising' as const, given, who: authorName(who), now }
    const isNew = await recordConsent(sql, recorded)
    return { result, change: isNew ? change : null }
  },
})

/** Moves points by hand. The same id is the same adjustment: asked for again, it is answered as before. */
export const adjustPoints = act({
  name: 'customer adjust',
  title: 'Adjust the points of a customer',
  input: cardInput.extend({ points: integerInput, reason: textInput, id: operationIdSchema }),
  effect: ({ points }) => ({ points, kopecks: worthKopecks(points) }),
  /** All points that were moved by hand for the customer within a day count together, so parts are no way around. */
  async weigh(sql, { id, card, points }, { now, proposal }) {
    if (Math.abs(points) > APPROVED_LIMIT_POINTS) throw beyondApproval(id, points)
    const { customerId, status } = await lockCustomer(sql, card)
    if ((await timeOfOperation(sql, id)) !== null) return null
    const [stand] = await sql<{ programmeId: number; balance: number; moved: number }[]>`
      select programme_id as "programmeId", balance, (
        select coalesce(sum(abs(points)), 0)::bigint from operations
        where customer_id = ${customerId} and kind = 'adjust' and status = 'accepted' and at > ${toIso(now - DAY)}
      ) as moved
      from customers where id = ${customerId}`
    if (!stand) return null
    const { programmeId, balance, moved } = stand
    const { approval_adjust_points: most } = await readThresholds(sql, programmeId)
    if (proposal === undefined && Math.abs(points) + moved <= most) return null
    return { programmeId, effect: { points, kopecks: worthKopecks(points) }, basis: { status, balance } }
  },
  place: placeOfCustomer,
  async run(sql, { id, card, points, reason }, by) {
    // The same adjustment may still be under way: the lock waits for it, so that its points are counted.
    await lockCustomer(sql, card)
    const at = (await timeOfOperation(sql, id)) ?? by.now
    const approved = by.proposal === undefined ? {} : { isApproved: true as const }
    const request = { kind: 'adjust' as const, id, at, card, points, reason, author: by.who, ...approved }
    const outcome = await askLedger(sql, by, request)
    if (outcome.status === 'refused') throw refusal(outcome)
    if (outcome.replay) return { result: outcome, change: null }
    const moved = await balancesAround(sql, { id, card })
    const change = {
      subject: subjectOf(card),
      before: { balance: moved?.before },
      after: { balance: moved?.after, operation: id, reason },
    }
    return { result: outcome, change }
  },
})

/** What the ledger would say of it after the last approval. */
const beyondApproval = (id: string, points: number) =>
  refusal({
    ...{ id, kind: 'adjust', status: 'refused', replay: false, code: 'amount_out_of_range' },
    message: refusalMessages.amount_out_of_range,
    details: { points, maxPoints: APPROVED_LIMIT_POINTS },
  })

/** The time of an operation that was executed before: a repeated one must have the same, which is a part of its content. */
async function timeOfOperation(sql: Tx, id: string): Promise<Instant | null> {
  const [row] = await sql<{ at: Instant }[]>`select at from operations where id = ${id}`
  return row?.at ?? null
}

async function balancesAround(sql: Tx, { id, card }: { id: string; card: string }) {
  const [moved] = await sql<{ before: number; after: number }[]>`
    select (array_agg(balance_before order by seq))[1] as before, (array_agg(balance_after order by seq desc))[1] as after
    from entries
    where customer_id = (select id from customers where card = ${card}) and operation_id = ${id}`
  return moved
}

/** A frozen customer earns and spends nothing; what already happened is still recorded. */
export const freezeCustomer = act({
  name: 'customer freeze',
  title: 'Freeze a customer, or undo it',
  input: cardInput.extend({ undo: flagInput }),
  place: placeOfCustomer,
  async run(sql, { card, undo }) {
    const status: Status = undo ? 'active' : 'frozen'
    const result = { card, status }
    const { status: before } = await lockCustomer(sql, card)
    if (before === 'erased') throw erased(card)
    if (before === status) return { result, change: null }
    await sql`update customers set status = ${status}, profile_tx = pg_current_xact_id() where card = ${card}`
    return { result, change: { subject: subjectOf(card), before: { status: before }, after: { status } } }
  },
})

/** Forgets the person; the debt that cannot follow them is in the answer. */
export const eraseCustomer = act({
  name: 'customer erase',
  title: 'Erase the person behind a customer',
  input: cardInput,
  place: placeOfCustomer,
  async run(sql, { card }, { botToken: secret, now }) {
    const { customerId, status: before } = await lockCustomer(sql, card)
    if (before === 'erased') return { result: { debtLeft: 0 }, change: null }
    const { debtLeft, change } = await eraseWithin(sql, { customerId, card, before, secret, now })
    return { result: { debtLeft }, change }
  },
})

export type Status = 'active' | 'frozen' | 'erased'

async function lockCustomer(sql: Tx, card: string): Promise<{ customerId: number; status: Status }> {
  const [row] = await sql<{ customerId: number; status: Status; mergedInto: string | null }[]>`
    select id as "customerId", status,
      (select card from customers kept where kept.id = customers.merged_into) as "mergedInto"
    from customers where card = ${card} for no key update`
  if (!row) throw noCustomer(card)
  if (row.mergedInto !== null)
    throw new ActError(
      'customer_merged',
      `Card ${card} was replaced by card ${row.mergedInto}: name that one, it has the points and the history.`,
    )
  return row
}

export const noCustomer = (card: string) =>
  new ActError('customer_not_found', `No customer has the card ${card}: try "customer find".`)

const erased = (card: string) => new ActError('customer_erased', `The customer of card ${card} is erased.`)

const subjectOf = (card: string) => `customer ${card}`
