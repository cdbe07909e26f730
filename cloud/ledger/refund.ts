import { cashbackPoints, paidKopecks } from '../../shared/money.ts'
import type { Account, Executed, Hold } from './account.ts'
import type { Request } from './request.ts'

export interface Refund {
  /** The earn, or the redeem; a refund of the apply means the redemption it completed. */
  originalId: string
  /** The lot that the purchase earned; it has the id of the earn, or of the apply. */
  earnedLotId: string
  hold: Hold | null
  /** The money of the purchase: what was paid, what earlier refunds left of it, what this one returns. */
  paidKopecks: number
  restKopecks: number
  kopecks: number
  /** A whole refund came before, even of a purchase that cost no money at all. */
  nothingLeft: boolean
  /** Points this refund takes back, and gives back, each as what is due in all minus what was due before. */
  clawbackPoints: number
  givebackPoints: number
  /** Of what earlier refunds should have taken, the points that had expired unspent: nobody had them. */
  forgivenPoints: number
}

/** The original of a refund under the one id by which all its refunds are counted. */
export function canonicalOriginalId(original: Pick<Executed, 'kind' | 'id' | 'referenceId'>): string {
  return original.kind === 'apply' && original.referenceId ? original.referenceId : original.id
}

/** What a refund amounts to, or null where there is nothing that could be refunded. */
export function refundOf(account: Account, request: Request & { kind: 'refund' }): Refund | null {
  const named = account.operations.get(request.originalId)
  if (!named) return null
  const originalId = canonicalOriginalId(named)
  const hold = account.holds.get(originalId) ?? null
  const earning = hold?.state === 'applied' ? account.operations.get(hold.resolvedBy ?? '') : named
  if (!earning || (earning.kind !== 'earn' && earning.kind !== 'apply')) return null
  const purchase = hold?.purchaseKopecks ?? earning.purchaseKopecks ?? 0
  const spent = hold?.points ?? 0
  const paid = paidKopecks(purchase, spent)

  const earlier = [...account.operations.values()].filter(
    (other) => other.kind === 'refund' && other.referenceId === originalId,
  )
  const refundedBefore = earlier.reduce((total, refund) => total + (refund.refundKopecks ?? 0), 0)
  const restKopecks = paid - refundedBefore
  const kopecks = request.refundKopecks ?? restKopecks
  const refundedAfter = refundedBefore + kopecks

  const deserved = (refunded: number) => cashbackPoints(paid - refunded, earning.cashbackBasisPoints ?? 0)
  const takenBefore = earning.earned - deserved(refundedBefore)
  const movedBefore = earlier.reduce((total, refund) => total - refund.earned, 0)
  // Rounded down: the last refund gives what is left, so that the parts add up to the whole.
  const givenBack = (refunded: number) => (paid === 0 ? spent : Math.floor((spent * refunded) / paid))
  return {
    originalId,
    earnedLotId: earning.id,
    hold,
    paidKopecks: paid,
    restKopecks,
    kopecks,
    nothingLeft: restKopecks === 0 && earlier.length > 0,
    clawbackPoints: deserved(refundedBefore) - deserved(refundedAfter),
    givebackPoints: givenBack(refundedAfter) - (earlier.length > 0 ? givenBack(refundedBefore) : 0),
    forgivenPoints: takenBefore - movedBefore,
  }
}
