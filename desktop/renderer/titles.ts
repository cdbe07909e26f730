import type { Processing, Success } from '../../shared/bridge.ts'
import type { Texts } from './texts.ts'

export function titleOfProcessing(
  { kind, stage, points, voucher }: Processing,
  { processing }: Texts,
): string {
  if (stage === 'asking' && voucher && points === 0) return processing.askingVoucher
  return stage === 'asking' ? processing.asking[kind] : processing[stage]
}

export function hintOfProcessing({ stage, points, voucher }: Processing, { processing }: Texts): string {
  switch (stage) {
    case 'asking':
      return processing.askingHint
    case 'offered':
      return processing.offeredHint(voucher?.discountRubles ?? points)
    case 'confirming':
      return processing.confirmingHint
    case 'withdrawing':
      return processing.withdrawingHint
  }
}

/** Only what is true: what waits in the queue is promised, not done. */
export function titleOfSuccess(
  { kind, isQueued, spent, earned, repaid, refundKopecks, voucher }: Success,
  { success }: Texts,
): string {
  switch (kind) {
    case 'redeem':
      if (voucher?.discountRubles === 0) return success.voucherTaken
      return success.redeem(voucher?.discountRubles ?? spent)
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
