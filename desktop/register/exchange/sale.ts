/** What 1C put into amount.json. */
export interface Amount {
  purchaseKopecks: number
  receipt: string | null
  protocol: 1 | 2
  /** Who stands at the register, where 1C names them. */
  cashier?: string
}

/** A look at amount.json that found an amount: one content has one fingerprint, one writing one version. */
export interface AmountReading {
  amount: Amount
  /** Of the bytes. */
  fingerprint: string
  /** Of the writing: size and time of modification. */
  version: string
}
