import type { Instant } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import type { State } from './judge.ts'
import { endWithin, isOpen, settleWithin } from './settle.ts'
import { lockReferral, type Referral } from './standing.ts'

interface Wish {
  /** The card of the friend. */
  card: string
  reason: string
  who: string
  now: Instant
  timeZone: string
}

type Decided =
  | { result: 'done'; before: State; after: State }
  | { result: 'not_found' }
  | { result: 'over'; state: State }

async function lockOfCard(sql: Tx, card: string): Promise<Referral | null> {
  const [named] = await sql<{ refereeId: number }[]>`
    select referee_id as "refereeId" from referrals join customers on customers.id = referee_id
    where card = ${card}`
  return named ? await lockReferral(sql, named.refereeId) : null
}

/** A person ends an invitation; the gifts for it are taken back. */
export async function rejectWithin(sql: Tx, { card, reason: note, ...wish }: Wish): Promise<Decided> {
  const referral = await lockOfCard(sql, card)
  if (!referral) return { result: 'not_found' }
  const { state: before } = referral
  if (!isOpen(referral)) return { result: 'over', state: before }
  await endWithin(sql, referral, { reason: 'person', note, ...wish })
  return { result: 'done', before, after: before === 'rewarded' ? 'taken_back' : 'rejected' }
}

/**
 * A person holds an invitation for honest that is flagged, or was rejected for how it looked: it goes on, and only a
 * return of the goods ends it. An invitation of oneself stays rejected.
 */
export async function releaseWithin(sql: Tx, { card, reason: note, who, ...around }: Wish): Promise<Decided> {
  const referral = await lockOfCard(sql, card)
  if (!referral) return { result: 'not_found' }
  const { state: before, referrer, referee, refereeId } = referral
  const isOneself = referrer.customerId === referee.customerId
  if (isOneself || (before !== 'flagged' && before !== 'rejected')) return { result: 'over', state: before }
  await sql`
    update referrals set state = 'waiting', is_released = true, reason = null, note = ${note}, decided_by = ${who},
      settled_at = null
    where referee_id = ${refereeId}`
  const after = await settleWithin(sql, { ...referral, state: 'waiting', isReleased: true }, around)
  return { result: 'done', before, after }
}
