import type { Award } from '../../shared/rules/quote.ts'
import { isNothingLeft, refundPoints, restOf } from '../../shared/rules/refund.ts'
import type { Account, Executed, Hold } from './account.ts'
import type { Request } from './request.ts'

export interface Refund {
  /** The earn, or the redeem; a refund of the apply means the redemption it completed. */
  originalId: string
  hold: Hold | null
  /** The money of the purchase: what was paid, what earlier refunds left of it, what this one returns. */
  paidKopecks: number
  restKopecks: number
  kopecks: number
  /** A whole refund came before, even of a purchase that cost no money at all. */
  nothingLeft: boolean
  /** The points that this refund takes of each award, and gives back: all that is due by now, less what was due before. */
  clawbacks: { award: Award; points: number; isGone: boolean }[]
  givebackPoints: number
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
  if (!earning?.quote || (earning.kind !== 'earn' && earning.kind !== 'apply')) return null
  const { paidKopecks, awards } = earning.quote

  const earlier = [...account.operations.values()].filter(
    (other) => other.kind === 'refund' && other.referenceId === originalId,
  )
  const before = {
    refunds: earlier.length,
    kopecks: earlier.reduce((total, refund) => total + (refund.refundKopecks ?? 0), 0),
  }
  const sold = { paidKopecks, spent: hold?.points ?? 0, awards }
  const restKopecks = restOf(sold, before)
  const kopecks = request.refundKopecks ?? restKopecks
  return {
    ...{ originalId, hold, paidKopecks, restKopecks, kopecks },
    nothingLeft: isNothingLeft(sold, before),
    ...refundPoints(sold, before, kopecks),
  }
}
