import type { NewWord } from '../reading.ts'
import type { RefusalCode } from '../refusal.ts'
import type { Instant } from '../time.ts'
import type { VoucherUsed } from './voucher.ts'

export interface Processing {
  type: 'processing'
  kind: 'earn' | 'redeem' | 'refund'
  operationId: string
  purchaseKopecks: number
  points: number
  /** Of a return of a part: how much of the money. */
  refundKopecks?: number
  /** What a voucher does beside the points; absent: there is none. */
  voucher?: VoucherUsed
  /** Asking the ledger; offered to 1C; 1C has it and has not confirmed; being taken back. */
  stage: 'asking' | 'offered' | 'confirming' | 'withdrawing'
  /** When the offer ends, by the clock of this device. */
  deadlineAt: Instant | null
}

export interface Success {
  type: 'success'
  kind: 'earn' | 'redeem' | 'refund'
  operationId: string
  firstName: string | null
  purchaseKopecks: number
  paidKopecks: number
  /** Of a return of a part: how much of the money. */
  refundKopecks?: number
  voucher?: VoucherUsed
  /** Of a return: whether the voucher of the purchase can be used again. Unknown: the cloud is away. */
  voucherAfter?: 'asked' | 'usable' | 'gone' | 'unknown'
  spent: number
  earned: number
  /** Not answered yet, and so much at most. */
  isSure?: false
  /** Of what was earned, so much has paid a debt; known once the ledger has answered. */
  repaid: number
  /** What is still owed. */
  debt: number
  /** The balance after it; unknown until the ledger has answered. */
  available: number | null
  /** The operation waits in the queue, and will be done when the network is back. */
  isQueued: boolean
}

export interface Failure {
  type: 'error'
  kind: 'earn' | 'redeem' | 'refund'
  operationId: string
  purchaseKopecks: number
  points: number
  voucher?: VoucherUsed
  code: FailureCode
  /** What the cloud said of it, for a code that the screen has no words for. */
  message?: string
  details: Record<string, unknown>
  /** What happened to the points: never taken; on their way back; taken until somebody knows more. */
  fate: 'untouched' | 'returned' | 'held'
}

/** What a register says of an operation that the cloud has neither done nor refused, as far as can be read. */
export type Unjudged = 'internal' | 'unreadable'

export type KnownFailureCode =
  | RefusalCode
  | Unjudged
  | 'cloud_away'
  | 'not_taken'
  | 'cancelled'
  | 'sale_changed'
  | 'refused_by_1c'
  | 'not_confirmed'
  | 'folder_busy'
  | 'not_written'
  | 'failed'

/** A newer cloud may have other reasons. */
export type FailureCode = KnownFailureCode | NewWord
