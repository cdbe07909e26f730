import type { ProofProblem } from '../../../shared/signedCode.ts'
import type { VoucherProblem } from '../../../shared/voucherCode.ts'

/** What is known of a failure and belongs into its sentences. */
export interface FailureFacts {
  points: number
  available: number | null
  minKopecks: number | null
  maxKopecks: number | null
  /** The most points that a card holds. */
  maxBalance: number | null
  /** What 1C said about it. */
  error: string | null
  /** What is wrong with the code that was shown. */
  proof: ProofProblem | null
  /** Why the voucher that was shown is not good. */
  voucher: VoucherProblem | null
  /** Why two cards cannot become one. */
  merge: MergeReason | null
  /** Where a customer is helped with what the shop cannot do. */
  support: string | null
  /** The whole programme is frozen, not this card. */
  isProgrammeFrozen: boolean
}

/** Why two cards stay two, in the words of the ledger. */
export const mergeReasons = ['both_in_telegram', 'none_in_telegram', 'open_hold'] as const
type MergeReason = (typeof mergeReasons)[number]

/** What happened, and what to do next; held points may need another advice. */
export interface FailureTexts {
  what: (facts: FailureFacts) => string
  next: (facts: FailureFacts) => string
  nextWhenHeld?: string
}
