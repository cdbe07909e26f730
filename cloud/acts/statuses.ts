import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { DEFAULT_TIME_ZONE, toIso } from '../../shared/time.ts'
import { authorName } from '../ledger/rows.ts'
import { setStatusWithin } from '../statuses/set.ts'
import { ActError, act, InputError } from './act.ts'
import { noCustomer } from './customers.ts'
import { instantInput, textInput } from './inputs.ts'
import { placeOfCustomer } from './place.ts'

/**
 * Sets a status until its end, whatever is returned; a purchase may still reach a higher one. Afterwards the earned
 * status counts.
 */
export const setStatus = act({
  name: 'status set',
  title: 'Give a customer a status until a day',
  input: z.strictObject({ card: cardSchema, status: textInput, until: instantInput, reason: textInput }),
  place: placeOfCustomer,
  async run(sql, { card, status, until, reason }, { who, now, timeZone = DEFAULT_TIME_ZONE }) {
    if (until <= now) throw new InputError(`${toIso(until)} is over: --until is the day on which it ends.`)
    const set = await setStatusWithin(sql, {
      card,
      status,
      until,
      reason,
      who: authorName(who),
      now,
      timeZone,
    })
    switch (set.result) {
      case 'no_customer':
        throw noCustomer(card)
      case 'no_status':
        throw new ActError(
          'status_not_found',
          set.names.length === 0
            ? 'The rule book of the programme has no statuses: see "book presets --name statuses".'
            : `There is no status ${status}. There are: ${set.names.join(', ')}.`,
        )
      case 'set':
        return {
          result: { card, status, until: toIso(until) },
          change: {
            subject: `customer ${card}`,
            before: { status: set.before },
            after: { status, until: toIso(until), reason },
          },
        }
    }
  },
})
