import type { Item } from '../../../shared/items.ts'
import type { Instant } from '../../../shared/time.ts'

/** What 1C put into amount.json. */
export interface Amount {
  purchaseKopecks: number
  receipt: string | null
  protocol: 1 | 2
  /** The cashier, where 1C names them. */
  cashier?: string
  /** What is bought, where 1C says it and it adds up to the amount. */
  items?: Item[]
  /** 1C says what is bought, and it cannot be used. */
  itemsProblem?: ItemsProblem
}

export type ItemsProblem = 'not_understood' | 'too_many' | 'not_the_amount'

/** A look at amount.json that found an amount: one content has one fingerprint, one writing one version. */
export interface AmountReading {
  amount: Amount
  /** Of the bytes. */
  fingerprint: string
  /** Of the writing: size and time of modification. */
  version: string
  /** By the clock of the disk it lies on. */
  writtenAt: Instant
}
