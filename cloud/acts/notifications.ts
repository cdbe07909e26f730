import { z } from 'zod'
import { cardSchema } from '../../shared/card.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { ActError, act } from './act.ts'
import { flagInput, textInput } from './inputs.ts'

/** The parked messages that are meant: all, those of a customer, or a single one. */
const whichInput = z.strictObject({
  all: flagInput,
  card: cardSchema.optional(),
  reference: textInput.optional(),
})

/** Lets parked messages wait again, as if they had never been tried. */
export const retryNotifications = act({
  name: 'notification retry',
  title: 'Send parked messages again',
  input: whichInput,
  run: async (sql, which, { now }) => await changeParked(sql, which, { state: 'waiting', now }),
})

/** Gives parked messages up. */
export const dropNotifications = act({
  name: 'notification drop',
  title: 'Drop parked messages',
  input: whichInput,
  run: async (sql, which, { now }) => await changeParked(sql, which, { state: 'dropped', now }),
})

async function changeParked(
  sql: Tx,
  { all, card, reference }: z.output<typeof whichInput>,
  { state, now }: { state: 'waiting' | 'dropped'; now: Instant },
) {
  if (all === (card !== undefined))
    throw new ActError('which', 'Say which: --card <card>, or --all for everything that is parked.')
  if (all && reference) throw new ActError('which', 'A --reference needs the --card it belongs to.')
  const fresh = sql`due_at = ${toIso(now)}, failures = 0, interruptions = 0, settled_at = null, problem = null`
  const { count } = await sql`
    update notifications
    set state = ${state}, ${state === 'waiting' ? fresh : sql`settled_at = ${toIso(now)}`}
    from customers
    where customers.id = customer_id and state = 'parked'
      and (${all} or card = ${card ?? null}) and (${reference ?? null}::text is null or reference = ${reference ?? null})`
  if (count === 0)
    throw new ActError('nothing_parked', 'Nothing like that is parked: see "notification list".')
  const change = {
    subject: card ? `customer ${card}` : 'notifications',
    before: { state: 'parked', reference },
    after: { state, count },
  }
  return { result: { changed: count }, change }
}
