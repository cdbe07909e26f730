import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { newId } from '../../shared/id.ts'
import { unmergeWithin } from '../ledger/unmerge.ts'
import { ActError, act } from './act.ts'
import { noCustomer } from './customers.ts'
import { textInput } from './inputs.ts'
import { askLedger, refusal } from './ledger.ts'
import { placeOfCustomer } from './place.ts'

/**
 * Merges a lost card into a new one: points move once, and the old number stands for the new card. The card in Telegram
 * stays.
 */
export const mergeCustomers = act({
  name: 'customer merge',
  title: 'Merge two cards of one customer',
  input: z
    .strictObject({ card: cardSchema, other: cardSchema, reason: textInput })
    .refine(({ card, other }) => card !== other, { path: ['other'], error: 'it is the same card' }),
  place: (sql, { card, other }) => Promise.all([card, other].map((card) => placeOfCustomer(sql, { card }))),
  async run(sql, { card, other, reason }, by) {
    const id = newId(by.now)
    const request = { kind: 'merge' as const, id, at: by.now, card, otherCard: other, author: by.who }
    const outcome = await askLedger(sql, by, request)
    if (outcome.status === 'refused') throw refusal(outcome)
    const { card: kept, available } = outcome.customer
    const change = {
      subject: `customer ${kept}`,
      before: { card, other },
      after: { card: kept, available, operation: id, reason },
    }
    return { result: outcome, change }
  },
})

/** Undoes a merge: the old number is a separate customer again, with what is left of the points they had brought. */
export const unmergeCustomers = act({
  name: 'customer unmerge',
  title: 'Undo a merge of two cards',
  input: z.strictObject({ card: cardSchema, reason: textInput }),
  place: placeOfCustomer,
  async run(sql, { card, reason }, { who: author, now }) {
    const known = await sql`select from customers where card = ${card}`
    if (known.length === 0) throw noCustomer(card)
    const id = newId(now)
    const undone = await unmergeWithin(sql, { id, card, reason, author, now })
    if (!undone)
      throw new ActError('not_merged', `Card ${card} was merged into no other card, or is its own again.`)
    const { outcome, from, stays } = undone
    const change = {
      subject: `customer ${card}`,
      before: { mergedInto: from },
      after: { points: outcome.customer.available, stays, operation: id, reason },
    }
    return { result: { ...outcome, from, stays }, change }
  },
})
