import { inProportion, pointsOfShare, pointsOfShareTimes } from '../money.ts'
import { DAY, type Instant, startOfUtcDay } from '../time.ts'
import type { DrawnFrom } from './budget.ts'

/** Points that a purchase earns by one rule, and on what terms: a refund takes them back by the same. */
export interface Award {
  /** Null: the cashback of the book's base. */
  ruleId: string | null
  /** The status of the customer, where it is the cashback of one. */
  statusName?: string
  points: number
  /** A share of the money paid; null where the award is a fixed number of points. */
  basisPoints: number | null
  /** The share is given so many times over. */
  timesBasisPoints?: number | undefined
  /** The money that the share is of, where it is not all that was paid. */
  ofKopecks?: number | undefined
  /** The least money that must have been paid, and kept, for it. */
  minPaidKopecks: number
  capPoints: number | null
  activeFrom: Instant
  expiresAt: Instant
  /** The periods in which it counts as a use of its rule. */
  countedIn?: string[]
  /** The budget from which its points are given. */
  drawnFrom?: DrawnFrom
  /** Why it has fewer points than its rule gives. */
  cutBy?: 'budget_short' | 'day_limit'
  /** False where the award depends on facts that only the ledger knows; otherwise absent. */
  isSure?: false
}

/** The terms by which a refund takes an award back; how long its points live does not matter there. */
export type Terms = Pick<
  Award,
  'points' | 'basisPoints' | 'timesBasisPoints' | 'ofKopecks' | 'minPaidKopecks' | 'capPoints'
>

/** The points that the kept money still deserves: a share of it, or the fixed number while it still meets the rule. */
export function deserved(
  { points, basisPoints, timesBasisPoints, ofKopecks, minPaidKopecks, capPoints }: Terms,
  { paidKopecks, keptKopecks }: { paidKopecks: number; keptKopecks: number },
): number {
  if (keptKopecks <= 0) return 0
  if (basisPoints === null) return keptKopecks >= minPaidKopecks ? points : 0
  // A share keeps its proportion below the rule's least purchase: it was earned with the money that stays.
  const kopecks =
    ofKopecks === undefined ? keptKopecks : inProportion(ofKopecks, { of: paidKopecks, to: keptKopecks })
  const share =
    timesBasisPoints === undefined
      ? pointsOfShare(kopecks, basisPoints)
      : pointsOfShareTimes(kopecks, basisPoints, timesBasisPoints)
  return Math.min(share, capPoints ?? Number.POSITIVE_INFINITY)
}

/** Earned on UTC day D: spendable from D + activation, dead at 00:00 UTC of D + lifetime. */
export function lifeOf(
  earnedAt: Instant,
  { activationDays, lifetimeDays }: { activationDays: number; lifetimeDays: number },
): Pick<Award, 'activeFrom' | 'expiresAt'> {
  const day = startOfUtcDay(earnedAt)
  return { activeFrom: day + activationDays * DAY, expiresAt: day + lifetimeDays * DAY }
}
