import type { Processing, Success } from '../../shared/bridge.ts'
import type { Texts } from './texts.ts'

export function titleOfProcessing({ kind, stage }: Processing, { processing }: Texts): string {
  return stage === 'asking' ? processing.asking[kind] : processing[stage]
}

export function hintOfProcessing({ stage, points }: Processing, { processing }: Texts): string {
  switch (stage) {
    case 'asking':
      return processing.askingHint
    case 'offered':
      return processing.offeredHint(points)
    case 'confirming':
      return processing.confirmingHint
    case 'withdrawing':
      return processing.withdrawingHint
  }
}

/** Only what is true: what waits in the queue is promised, not done. */
export function titleOfSuccess(
  { kind, isQueued, spent, earned, repaid, refundKopecks }: Success,
  { success }: Texts,
): string {
  switch (kind) {
    case 'redeem':
      return success.redeem(spent)
    case 'refund':
      if (refundKopecks !== undefined) return isQueued ? success.returnQueued : success.returned
      return isQueued ? success.refundQueued : success.refund
    case 'earn':
      if (isQueued) return success.earnQueued
      // All of it went into a debt: nothing of it is on the card.
      if (repaid > 0 && repaid === earned) return success.repaidAll(repaid)
      return earned > 0 ? success.earn(earned) : success.earnNothing
  }
}
