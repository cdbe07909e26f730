import { pointsOfShare } from '../money.ts'
import type { Award } from './quote.ts'

/** What a refund takes of each award, beyond what the refunds before it were to take; in the order of the awards. */
export function clawback(
  awards: readonly Award[],
  refund: { paidKopecks: number; refundedBefore: number; refundedAfter: number },
): { award: Award; points: number }[] {
  const { paidKopecks, refundedBefore, refundedAfter } = refund
  return awards.map((award) => ({
    award,
    points: deserved(award, paidKopecks - refundedBefore) - deserved(award, paidKopecks - refundedAfter),
  }))
}

/** What the money that was kept deserves: a share of it, or the fixed number while it still meets the rule. */
function deserved({ points, basisPoints, minPaidKopecks, capPoints }: Award, keptKopecks: number): number {
  if (keptKopecks <= 0) return 0
  if (basisPoints === null) return keptKopecks >= minPaidKopecks ? points : 0
  // A share keeps its proportion below the rule's least purchase: it was earned with the money that stays.
  return Math.min(pointsOfShare(keptKopecks, basisPoints), capPoints ?? Number.POSITIVE_INFINITY)
}
