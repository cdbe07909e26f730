import type { ReferralTerms } from '../../shared/rules/referral.ts'
import { DAY, type Instant } from '../../shared/time.ts'

/** `waiting` for a purchase or the end of its wait, `flagged` for a person, and the ends of an invitation. */
export const states = ['waiting', 'flagged', 'rewarded', 'rejected', 'taken_back'] as const
export type State = (typeof states)[number]

/** Why nothing is given, or why gifts are taken back. */
export const reasons = [
  ...(['self', 'customer_before', 'circle', 'over_month', 'staff', 'returned', 'left', 'person'] as const),
] as const
export type Reason = (typeof reasons)[number]

/** The first purchase of a friend that meets the terms of its time. */
export interface FirstPurchase {
  id: string
  at: Instant
  registerId: number | null
  /** The money that was not returned. */
  keptKopecks: number
  terms: ReferralTerms
}

export interface Standing {
  state: State
  /** A person has looked at the invitation, and holds it for honest. */
  isReleased: boolean
  /** The relation of the two to each other or to the chain, where it speaks against a reward. */
  problem: Exclude<Reason, 'over_month' | 'returned' | 'person'> | null
  purchase: FirstPurchase | null
  /** The number of other friends for whom the inviting customer was rewarded in this month. */
  rewardedThisMonth: number
  /** Three first purchases or more, of friends of the same customer, at one register within a day. */
  isCrowd: boolean
  now: Instant
}

export interface Verdict {
  state: State
  reason: Reason | null
  /** When it is to be judged again, if nothing happens before. */
  dueAt: Instant | null
}

/** The verdict about an invitation. The same facts have the same verdict, however often it is judged. */
export function judge(standing: Standing): Verdict {
  const { state, isReleased, problem, purchase, rewardedThisMonth, isCrowd, now } = standing
  const stays = (dueAt: Instant | null = null): Verdict => ({ state, reason: null, dueAt })
  const rejected = (reason: Reason): Verdict => ({ state: 'rejected', reason, dueAt: null })
  if (state === 'rejected' || state === 'taken_back') throw new Error(`a referral that is ${state} is over`)
  if (state === 'rewarded') {
    const reason = isReturned(purchase) ? 'returned' : isReleased ? null : foundLater(problem)
    return reason ? { state: 'taken_back', reason, dueAt: null } : stays()
  }
  // An erased customer can be given nothing, whatever a person has decided.
  if (problem && (problem === 'left' || !isReleased)) return rejected(problem)
  if (!purchase) return stays()
  if (isReturned(purchase)) return rejected('returned')
  if (!isReleased && (state === 'flagged' || isCrowd)) return { state: 'flagged', reason: null, dueAt: null }
  const endsAt = purchase.at + purchase.terms.wait_days * DAY
  if (now < endsAt) return stays(endsAt)
  if (!isReleased && rewardedThisMonth >= purchase.terms.per_month) return rejected('over_month')
  return { state: 'rewarded', reason: null, dueAt: null }
}

/** Whether so much was returned that the rest of the purchase does not meet the terms any more, as with a fixed award. */
const isReturned = (purchase: FirstPurchase | null) =>
  purchase !== null && purchase.keptKopecks < purchase.terms.min_purchase_kopecks

/** A problem that a merge brings to light takes gifts back; a customer who leaves, or begins to work here, keeps them. */
const foundLater = (problem: Standing['problem']) =>
  problem === 'self' || problem === 'circle' || problem === 'customer_before' ? problem : null

const CROWD = 3

/** Whether so many first purchases were made at one register within a day that a person is to look. */
export function isInCrowd(at: Instant, others: readonly Instant[]): boolean {
  const moments = [at, ...others].sort((a, b) => a - b)
  return moments.some((first, index) => {
    const last = moments[index + CROWD - 1]
    return last !== undefined && last - first <= DAY && first <= at && at <= last
  })
}
