import { deserved, type Terms } from './award.ts'

/** The points that a refund takes of each award, beyond those of the refunds before it; in the order of the awards. */
export function clawback<A extends Terms>(
  awards: readonly A[],
  refund: { paidKopecks: number; refundedBefore: number; refundedAfter: number },
): { award: A; points: number; isGone: boolean }[] {
  const { paidKopecks, refundedBefore, refundedAfter } = refund
  return awards.map((award) => {
    const before = deserved(award, { paidKopecks, keptKopecks: paidKopecks - refundedBefore })
    const after = deserved(award, { paidKopecks, keptKopecks: paidKopecks - refundedAfter })
    return { award, points: before - after, isGone: before > 0 && after === 0 }
  })
}
