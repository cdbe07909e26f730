import type { Item } from '../../../shared/items.ts'
import type { HoldState } from '../../../shared/operation.ts'
import type { Instant } from '../../../shared/time.ts'
import type { Request } from '../request.ts'
import type { Given } from './oracleRules.ts'
import type { VoucherSaid } from './oracleVouchers.ts'

export interface Life {
  wakes: Instant
  dies: Instant
}

export interface Lot extends Life {
  left: number
  lost: number
  forgiven: number
}

export interface Award {
  life: Life
  points: number
  /** Null: of the base, which is this share. */
  by: Given | null
  cashback: number
  /** Of the cashback: what its day had room for. */
  most: number
  /** The budget in its period that it is given from. */
  source: string | null
  claimed: number
}

export interface Person {
  card: string
  programme: number
  isInTelegram: boolean
  debt: number
  registeredAt: Instant
  lots: Lot[]
  purchases: Set<Purchase>
  /** Those that they ever had, and from when on. */
  statuses: { name: string | null; from: Instant }[]
  segments: string[]
  /** What those come to that nobody can ask about any more. */
  past: {
    number: number
    moments: Instant[]
    uses: string[]
    days: { day: string; points: number; stands: boolean }[]
    /** Of each voucher that was used and not given back, the batch. */
    vouchers: number[]
  }
}

export interface Voucher extends Omit<VoucherSaid, 'owner'> {
  owner: Person | null
  isVoid: boolean
  purchases: Set<Purchase>
  usedBefore: number
}

export interface Purchase {
  id: string
  kind: 'earn' | 'redeem'
  person: Person
  author: Request['author']
  store: number
  at: Instant
  kopecks: number
  items: Item[] | null
  points: number
  state: HoldState
  until: Instant
  isReleasedByPerson: boolean
  code: string | null
  taken: { lot: Lot; points: number }[]
  /** What it was promised, and whether it has it: not while 1C has not taken the discount. */
  awards: Award[]
  isEarned: boolean
  /** The day on which it counts, where its book limits days. */
  limitedOn: string | null
  /** What its voucher took off, beside the points. */
  voucher: Voucher | null
  off: number
  isVoucherBack: boolean
  refunds: number
  refunded: number
  isReturned: boolean
  givenBack: number
}
