import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { DEFAULT_TIME_ZONE, toIso } from '../../shared/time.ts'
import { customerOfCard } from '../ledger/cards.ts'
import { authorName } from '../ledger/rows.ts'
import { rejectWithin, releaseWithin } from '../referrals/person.ts'
import { ActError, act, type By } from './act.ts'
import { noCustomer } from './customers.ts'
import { flagInput, textInput } from './inputs.ts'
import { placeOfCustomer } from './place.ts'

const input = z.strictObject({ card: cardSchema, reason: textInput })

/** Rejects the invitation of this friend; the gifts for it are taken back. */
export const rejectReferral = act({
  name: 'referral reject',
  title: 'Reject an invitation',
  input,
  place: placeOfCustomer,
  run: async (sql, wish, by) => told(await rejectWithin(sql, { ...wish, ...around(by) }), wish),
})

/** Releases an invitation that a person holds for honest: it goes on, however it looked. */
export const releaseReferral = act({
  name: 'referral release',
  title: 'Release an invitation that was held back',
  input,
  place: placeOfCustomer,
  run: async (sql, wish, by) => told(await releaseWithin(sql, { ...wish, ...around(by) }), wish),
})

const around = ({ who, now, timeZone = DEFAULT_TIME_ZONE }: By) => ({ who: authorName(who), now, timeZone })

function told(decided: Awaited<ReturnType<typeof rejectWithin>>, { card, reason }: z.infer<typeof input>) {
  switch (decided.result) {
    case 'not_found':
      throw new ActError('no_referral', `Card ${card} did not come by anybody's link. Nothing was changed.`)
    case 'over':
      throw new ActError(
        'referral_over',
        `The invitation of card ${card} is ${decided.state}, and stays so. Nothing was changed.`,
      )
    case 'done': {
      const { before, after } = decided
      return {
        result: { card, before, state: after },
        change: {
          subject: `customer ${card}`,
          before: { referral: before },
          after: { referral: after, reason },
        },
      }
    }
  }
}

/** A card of the staff invites nobody for points, and comes as nobody's friend. */
export const markStaffCard = act({
  name: 'customer staff',
  title: 'Say whether a card belongs to the staff',
  input: z.strictObject({ card: cardSchema, not: flagInput }),
  place: placeOfCustomer,
  async run(sql, { card, not }, { who, now }) {
    const [customer] = await sql<{ id: number }[]>`
      select id from customers where id = ${customerOfCard(sql, card)} and status <> 'erased'`
    if (!customer) throw noCustomer(card)
    const changed = not
      ? await sql`delete from staff_cards where customer_id = ${customer.id}`
      : await sql`
          insert into staff_cards (customer_id, marked_at, marked_by)
          values (${customer.id}, ${toIso(now)}, ${authorName(who)}) on conflict do nothing`
    const change = { subject: `customer ${card}`, before: { staff: not }, after: { staff: !not } }
    return { result: { card, staff: !not }, change: changed.count > 0 ? change : null }
  },
})
