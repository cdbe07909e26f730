import type { Item } from '../../../shared/items.ts'
import type { HoldState } from '../../../shared/operation.ts'
import type { Instant } from '../../../shared/time.ts'
import type { Request } from '../request.ts'
import type { Given } from './oracleRules.ts'
import type { VoucherSaid } from './oracleVouchers.ts'

export const newPerson = (said: {
  card: string
  programme: number
  registeredAt: Instant
  isInTelegram?: boolean
}): Person => ({
  ...{ isInTelegram: false, ...said },
  ...{ debt: 0, lots: [], into: null, brought: { lots: [], debt: 0 }, others: new Set() },
  ...{ purchases: new Set(), statuses: [], segments: [] },
  past: { number: 0, moments: [], uses: [], days: [], vouchers: [] },
})

/** Whose everything is that was theirs. */
export function nowOf(person: Person): Person {
  let now = person
  while (now.into) now = now.into
  return now
}

/** All who are one by now. */
export const everyOf = (person: Person): Person[] => [person, ...[...person.others].flatMap(everyOf)]

export const purchasesOf = (person: Person): Purchase[] =>
  everyOf(person).flatMap(({ purchases }) => [...purchases])

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
  /** Who is one with them by now: null, or of two that became one the other who stays. */
  into: Person | null
  /** What they brought there, which is theirs again when they are parted. */
  brought: { lots: (Life & { left: number; lost: number })[]; debt: number }
  /** Who became one with them. */
  others: Set<Person>
  /** Those that they made while they were nobody else. */
  purchases: Set<Purchase>
  /** Those that they ever had, and from when on. */
  statuses: { name: string | null; from: Instant }[]
  segments: string[]
  /** What those of them come to that nobody can ask about any more. */
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
  /** Who made it, whoever they are one with by now. */
  maker: Person
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
  taken: { life: Life; points: number }[]
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
