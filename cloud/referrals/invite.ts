import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { customerOfCode } from './codes.ts'
import type { Reason } from './judge.ts'
import { tell } from './messages.ts'
import { readTerms } from './read.ts'

interface Arrival {
  /** The code of the link. */
  code: string
  programmeId: number
  /** The friend who came by the link. */
  customerId: number
  /** The friend had a card already, or had one before and was erased. */
  wasCustomer: boolean
  now: Instant
}

/**
 * Writes an invitation down, in the transaction of the friend's registration. A friend is invited once, whichever link
 * they come by later. Where the valid book has no terms for invitations, or the link is unknown, they are a customer like
 * any other.
 */
export async function arrive(
  sql: Tx,
  { code, programmeId, customerId, wasCustomer, now }: Arrival,
): Promise<'waiting' | 'rejected' | null> {
  const referrerId = await customerOfCode(sql, { code, programmeId })
  if (referrerId === null) return null
  const terms = await readTerms(sql, { programmeId }, { now })
  if (!terms) return null
  const reason: Reason | null = referrerId === customerId ? 'self' : wasCustomer ? 'customer_before' : null
  const state = reason ? 'rejected' : 'waiting'
  const at = toIso(now)
  const { count } = await sql`
    insert into referrals (referee_id, referrer_id, programme_id, invited_at, state, reason, decided_by, settled_at, due_at)
    values (${customerId}, ${referrerId}, ${programmeId}, ${at}, ${state}, ${reason}, ${reason && 'system:referrals'},
      ${reason ? at : null}, ${reason ? null : at})
    on conflict (referee_id) do nothing`
  if (count === 0) return null
  const { min_purchase_kopecks: minKopecks, wait_days: waitDays } = terms
  await tell(
    sql,
    reason
      ? [
          { customerId: referrerId, facts: { what: 'rejected', side: 'referrer', reason } },
          { customerId, facts: { what: 'rejected', side: 'referee', reason } },
        ]
      : [
          {
            customerId: referrerId,
            facts: { what: 'joined', points: terms.referrer_points, minKopecks, waitDays },
          },
          { customerId, facts: { what: 'invited', points: terms.referee_points, minKopecks, waitDays } },
        ],
    { refereeId: customerId, now },
  )
  return state
}
