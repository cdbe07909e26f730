import type { NewWord } from '../reading.ts'
import type { JudgedTerms } from '../rules/voucher.ts'
import type { VoucherProblem } from '../voucherCode.ts'
import type { Choice, NoRedemption } from './sale.ts'

export type VoucherOffer =
  | ({
      isPossible: true
      /** The most that may go with it: none where it does not go with points. */
      maxPoints: number
      /** Whether points can be spent beside it at all. */
      isWithPoints: boolean
      /** The voucher takes more off than points alone would. */
      isLarger: boolean
      /** What the goods are said to cost, where the cashier has said it. */
      itemKopecks: number | null
      /** What it does without points. */
      alone: VoucherChoice
    } & VoucherUsed &
      VoucherChoice)
  | {
      isPossible: false
      title: string | null
      reason: NoVoucher
      /** From which purchase on it is good. */
      minKopecks?: number
      /** The cashier has to say what the goods cost: 1C has not. */
      needsPrice?: true
    }

/** So many points as are chosen, beside the voucher. */
export interface VoucherChoice extends Choice {
  /** What 1C is given: the voucher and the points in one sum. */
  discountRubles: number
}

/** Why the voucher is not good, or why nothing can be spent now. A newer cloud may have other reasons. */
export type NoVoucher = VoucherProblem | NoRedemption | 'unreadable' | NewWord

/** The voucher that was shown: whatever the sale is. */
export type VoucherShown = {
  code: string
} /** Waiting: for the card of its customer. Asked: the cloud has not answered yet. */ & (
  | { state: 'waiting' | 'asked' }
  | { state: 'good'; terms: JudgedTerms }
  | { state: 'bad'; title: string | null; reason: NoVoucher }
)

/** What a voucher does in a sale, before it is done and after. */
export interface VoucherUsed {
  title: string
  /** What it takes off by itself. */
  kopecks: number
  /** What 1C is given: the voucher and the points in one sum. */
  discountRubles: number
}
