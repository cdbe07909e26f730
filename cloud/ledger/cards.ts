import type { Sql, Tx } from '../database/connect.ts'

/** The customer for whom a card stands. A card that was merged stands for the customer who stayed. */
export const customerOfCard = (sql: Sql | Tx, card: string) =>
  sql`(select coalesce(merged_into, id) from customers where card = ${card})`

/** The same for a card that is shown in a store: cards of other programmes are not found. */
export const customerOfCardIn = (sql: Sql | Tx, card: string, programmeId: number) =>
  sql`(select coalesce(merged_into, id) from customers where card = ${card} and programme_id = ${programmeId})`
