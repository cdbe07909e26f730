import type {
  CommandRefusal,
  Failure,
  KnownCustomer,
  NotFoundReason,
  Phase,
  Processing,
  Sale,
  Snapshot,
  Success,
} from '../../../shared/bridge.ts'
import type { Item } from '../../../shared/items.ts'
import type { HeardOutcome } from '../../../shared/operation.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import type { RedemptionEvent } from '../redemption/runner.ts'
import type { Merging } from './merging.ts'
import type { JudgedVoucher, ShownVoucher } from './voucher.ts'

/** A sale as the register knows it; `key` is the writing of amount.json that it stands for. */
export interface OpenSale extends Sale {
  id: number
  key: string | null
  protocol: 1 | 2
  /** The cashier, where 1C has named them. */
  cashier?: string
  /** The goods, where 1C has sent them. */
  items?: Item[]
}

/** All that the screen shows of the customer, the sale and what is under way. Points are decided elsewhere. */
export interface Session {
  /** Grows with every change of phase: a timer of an earlier turn means nothing. */
  turn: number
  sale: OpenSale | null
  /** The sale that 1C had open when it could not be heard any more: the same amount typed by hand means this sale. */
  unheard: OpenSale | null
  /** The cashier whom 1C has named last. They are taken to be the one who types an amount while 1C is away. */
  cashier: string | null
  isAmountNew: boolean
  /** The number of the receipt at which the customer stands, where 1C has told one. */
  receipt: string | null
  /** The amount of the customer's receipt, where that is over in 1C: the next receipt may be another customer's. */
  overKopecks: number | null
  /** The search that is under way, and the latest one: answers to any other come too late. */
  search: Search | null
  latest: Search | null
  notFound: Snapshot['notFound']
  customer: KnownCustomer | null
  /** How many points the customer wants to spend, where it is not all, on a purchase of this amount. */
  chosen: { purchaseKopecks: number; points: number } | null
  /** The voucher that was shown by the customer who stands there, or before any card. */
  voucher: ShownVoucher | null
  act: Processing | Success | Failure | null
  merging: Merging | null
  /** Two cards of which a person said that they are two people's. */
  notOne: { card: string; otherCard: string } | null
  /** The sale that the act is for: another one may have come since. */
  actSaleId: number | null
  /** The voucher that goes with the act. */
  actVoucher: JudgedVoucher | null
  /** The redemption whose points the ledger holds: from then on the folder says what becomes of them. */
  heldId: string | null
  /** The voucher of the purchase that comes back. */
  returned: ReturnedVoucher | null
}

export const emptySession: Session = {
  turn: 0,
  sale: null,
  unheard: null,
  cashier: null,
  isAmountNew: false,
  receipt: null,
  overKopecks: null,
  search: null,
  latest: null,
  notFound: null,
  customer: null,
  chosen: null,
  voucher: null,
  act: null,
  merging: null,
  notOne: null,
  actSaleId: null,
  actVoucher: null,
  heldId: null,
  returned: null,
}

interface Search {
  id: number
  code: string
  /** The customer who stood there when it began. */
  before: KnownCustomer | null
}

export type Event =
  | { type: 'sale'; sale: OpenSale }
  /** The same sale, written anew. */
  | { type: 'sale_rewritten'; key: string }
  | { type: 'sale_gone' }
  | { type: 'amount_typed'; id: number; purchaseKopecks: number }
  | { type: 'search'; id: number; code: string }
  | { type: 'found'; searchId: number; customer: KnownCustomer }
  | { type: 'not_found'; searchId: number; reason: NotFoundReason; message?: string }
  | { type: 'choose'; purchaseKopecks: number; points: number }
  /** The people known here are to be forgotten, all or those of these cards. */
  | { type: 'forget'; cards: 'all' | string[] }
  | { type: 'earn'; id: string; purchaseKopecks: number; confirmDuplicate: boolean }
  | {
      type: 'redeem'
      id: string
      purchaseKopecks: number
      points: number
      confirmDuplicate: boolean
      withVoucher?: boolean
    }
  | VoucherEvent
  | {
      type: 'refund'
      id: string
      of: RefundedOperation
      refundKopecks: number | null
      voucher?: ReturnedVoucher | null
    }
  | { type: 'merge'; id: string; card: string; otherCard: string }
  | { type: 'keep_apart'; card: string; otherCard: string }
  | { type: 'committed'; id: string }
  | { type: 'commit_failed'; id: string; code: 'not_written' | 'failed' }
  | { type: 'outcome'; id: string; outcome: HeardOutcome }
  /** The ledger's answer to what became of a redemption: its apply. */
  | { type: 'applied'; redeemId: string; outcome: HeardOutcome }
  | RedemptionEvent
  | { type: 'cancel' }
  | { type: 'patience_over'; id: string; stage: Processing['stage'] }
  | { type: 'reset'; turn: number }

export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>

export type VoucherEvent =
  | { type: 'show_voucher'; searchId: number; code: string }
  | { type: 'voucher_found'; searchId: number; terms: object }
  | { type: 'voucher_missed'; searchId: number; reason: string; title: string | null }
  | { type: 'drop_voucher' }
  | { type: 'price_voucher_item'; purchaseKopecks: number; itemKopecks: number }

/**
 * How to ask about the voucher once its purchase has come back; or, for a purchase of another till, what the cloud has
 * said.
 */
type ReturnedVoucher = { searchId: number; code: string; card: string } | { after: 'usable' | 'gone' }

interface RefundedOperation {
  id: string
  firstName: string | null
  purchaseKopecks: number
  spent: number
  earned: number
}

export type Effect =
  | { type: 'find'; searchId: number; code: string }
  | { type: 'commit_earn'; id: string; sale: OpenSale; customer: KnownCustomer; confirmDuplicate: boolean }
  | {
      type: 'commit_redeem'
      id: string
      sale: OpenSale
      customer: KnownCustomer
      points: number
      voucher: JudgedVoucher | null
      confirmDuplicate: boolean
    }
  | { type: 'find_voucher'; searchId: number; code: string; card: string }
  | { type: 'commit_refund'; id: string; originalId: string; refundKopecks: number | null }
  | { type: 'commit_merge'; id: string; card: string; otherCard: string; firstName: string | null }
  /** The cashier will not wait longer than this for an answer. */
  | { type: 'be_patient'; id: string; stage: Processing['stage']; ms: number }
  /** The redemption is given up: its discount is taken back, unless 1C has taken it. */
  | { type: 'withdraw'; id: string; code: Failure['code'] }
  /** No discount of an earlier sale may lie in the folder. */
  | { type: 'clear_discount' }

export type Transition = { session: Session; effects: Effect[] } | { refused: CommandRefusal }

export function phaseOf({ act, customer, sale }: Session): Phase {
  if (act) return act.type
  if (!customer) return 'idle'
  return sale ? 'ready' : 'customer_found'
}

/** How long a phase stays on an untouched screen; null: until something happens. */
export function resetAfterMs(session: Session): number | null {
  const phase = phaseOf(session)
  if (phase === 'success') return 5 * SECOND
  if (phase === 'error') return MINUTE
  // What one customer has shown must not wait for another.
  if (phase === 'idle' && session.voucher) return MINUTE
  // 1C may write its file anew, or go back from the payment; but the next customer must not find this one here.
  if (session.overKopecks !== null && phase === 'customer_found') return 10 * SECOND
  if (phase === 'customer_found' || phase === 'ready') return 3 * MINUTE
  return null
}

/** News of an operation that was committed. */
export type Progress = Extract<
  Event,
  {
    type:
      | 'committed'
      | 'commit_failed'
      | 'outcome'
      | 'offered'
      | 'confirming'
      | 'taken'
      | 'withdrawn'
      | 'folder_busy'
      | 'not_written'
      | 'patience_over'
  }
>

export const stay = (session: Session): Transition => ({ session, effects: [] })
