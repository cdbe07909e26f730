export interface Sale {
  purchaseKopecks: number
  receipt: string | null
  source: '1c' | 'typed'
}

/** What a purchase brings, and by which rules. */
export interface Earning {
  paidKopecks: number
  earned: number
  /** Of these, the points that can be spent at once; the others wait for their day. */
  atOnce: number
  /** False: so much at most, for it depends on what only the ledger knows. */
  isSure: boolean
  /** As many as a glance can take. A title of null is the cashback of every purchase. */
  parts: { title: string | null; points: number }[]
  /** What all the others bring. */
  more: { rules: number; points: number } | null
}

/** So many points as are chosen, and what spending them leaves: to pay, to earn, and of the balance. */
export interface Choice {
  points: number
  paidKopecks: number
  earned: number
  isSure: boolean
  /** Null where a debt takes of it what only the ledger can say. */
  remains: number | null
}

export type NoRedemption =
  | 'cloud_away'
  | 'balance_not_current'
  | 'amount_not_of_1c'
  | 'amount_out_of_range'
  | 'exchange_away'
  | 'exchange_unwritable'
  | 'discount_not_settled'
  | 'in_debt'
  | 'no_points'
  | 'purchase_too_small'
  | 'code_needed'
  | 'card_frozen'
