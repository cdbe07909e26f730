import { pointsOfShare } from '../money.ts'
import type { Award } from './quote.ts'

/** By what an award is taken back; how long its points live is of no concern to it. */
export type Terms = Pick<Award, 'points' | 'basisPoints' | 'minPaidKopecks' | 'capPoints'>

/** What a refund takes of each award, beyond what the refunds before it were to take; in the order of the awards. */
export function clawback<A extends Terms>(
  awards: readonly A[],
  refund: { paidKopecks: number; refundedBefore: number; refundedAfter: number },
): { award: A; points: number }[] {
  const { paidKopecks, refundedBefore, refundedAfter } = refund
  return awards.map((award) => ({
    award,
    points: deserved(award, paidKopecks - refundedBefore) - deserved(award, paidKopecks - refundedAfter),
  }))
}

/** What the money that was kept deserves: a share of it, or the fixed number while it still meets the rule. */
function deserved({ points, basisPoints, minPaidKopecks, capPoints }: Terms, keptKopecks: number): number {
  if (keptKopecks <= 0) return 0
  if (basisPoints === null) return keptKopecks >= minPaidKopecks ? points : 0
  // A share keeps its proportion below the rule's least purchase: it was earned with the money that stays.
  return Math.min(pointsOfShare(keptKopecks, basisPoints), capPoints ?? Number.POSITIVE_INFINITY)
}
