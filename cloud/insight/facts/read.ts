import type { Instant } from '../../../shared/time.ts'
import type { Tx } from '../../database/connect.ts'
import { readAsOf } from '../../feed/progress.ts'
import { FACTS } from './reader.ts'

export interface CustomerFacts {
  purchases: number
  netKopecks: number
  /** Rounded to the nearest kopeck; null where nothing was bought. */
  averageReceiptKopecks: number | null
  firstPurchaseAt: Instant | null
  lastPurchaseAt: Instant | null
  homeStoreId: number | null
  pointsEarned: number
  pointsSpent: number
  pointsExpired: number
  /** `2025-12`, oldest first; a month without purchases is not there. */
  months: { month: string; purchases: number; netKopecks: number }[]
  /** Later operations may be missing. Null: no facts are known yet. */
  asOf: Instant | null
}

type Row = Omit<CustomerFacts, 'averageReceiptKopecks' | 'months' | 'asOf'> & { asOf: Instant }

const nothing: Omit<Row, 'asOf'> = {
  purchases: 0,
  netKopecks: 0,
  firstPurchaseAt: null,
  lastPurchaseAt: null,
  homeStoreId: null,
  pointsEarned: 0,
  pointsSpent: 0,
  pointsExpired: 0,
}

/** The facts about a customer, in a transaction that sees one moment. */
export async function readFacts(sql: Tx, customerId: number, now: Instant): Promise<CustomerFacts> {
  const [row] = await sql<Row[]>`
    select purchases, net_kopecks as "netKopecks", first_purchase_at as "firstPurchaseAt",
      last_purchase_at as "lastPurchaseAt", home_store_id as "homeStoreId", points_earned as "pointsEarned",
      points_spent as "pointsSpent", points_expired as "pointsExpired", as_of as "asOf"
    from customer_facts where customer_id = ${customerId}`
  const months = await sql<CustomerFacts['months']>`
    select to_char(month, 'YYYY-MM') as month, purchases, net_kopecks as "netKopecks"
    from customer_months where customer_id = ${customerId} order by 1`
  const { asOf: madeAt, ...facts } = row ?? { ...nothing, asOf: null }
  return {
    ...facts,
    averageReceiptKopecks: facts.purchases > 0 ? Math.round(facts.netKopecks / facts.purchases) : null,
    months: [...months],
    // A reader that begins anew has read no operation, and the facts are of when they were made.
    asOf: (await readAsOf(sql, FACTS, now)) ?? madeAt,
  }
}
