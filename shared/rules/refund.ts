import type { Terms } from './award.ts'
import { clawback } from './clawback.ts'

/** A purchase, as far as it matters when goods of it come back. */
export interface Sold<A extends Terms = Terms> {
  paidKopecks: number
  /** Points that were spent on it. */
  spent: number
  awards: readonly A[]
}

/** The refunds of a purchase before this one: how many, and what money they returned. */
export interface Refunded {
  refunds: number
  kopecks: number
}

/** The money that can still be returned. */
export const restOf = ({ paidKopecks }: Pick<Sold, 'paidKopecks'>, { kopecks }: Refunded) =>
  paidKopecks - kopecks

/** A whole refund came before, even of a purchase that cost no money at all. */
export const isNothingLeft = (sold: Pick<Sold, 'paidKopecks'>, before: Refunded) =>
  restOf(sold, before) === 0 && before.refunds > 0

/** The points that move when so much of the money is returned: those taken of each award, and the spent ones that come back. */
export function refundPoints<A extends Terms>(
  { paidKopecks, spent, awards }: Sold<A>,
  before: Refunded,
  kopecks: number,
): { clawbacks: ReturnType<typeof clawback<A>>; givebackPoints: number } {
  const refundedBefore = before.kopecks
  const refundedAfter = refundedBefore + kopecks
  // Rounded down: the last refund gives what is left, so that the parts add up to the whole.
  const givenBack = (refunded: number) =>
    paidKopecks === 0 ? spent : Math.floor((spent * refunded) / paidKopecks)
  return {
    clawbacks: clawback(awards, { paidKopecks, refundedBefore, refundedAfter }),
    givebackPoints: givenBack(refundedAfter) - (before.refunds > 0 ? givenBack(refundedBefore) : 0),
  }
}
