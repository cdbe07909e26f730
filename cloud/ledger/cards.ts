import type { Sql, Tx } from '../database/connect.ts'

/** The customer for whom a card stands: of one that was merged into another, the customer of that one. */
export const customerOfCard = (sql: Sql | Tx, card: string) =>
  sql`(select coalesce(merged_into, id) from customers where card = ${card})`

/** The same of a card that somebody shows: those of other programmes are not there. */
export const customerOfCardIn = (sql: Sql | Tx, card: string, programmeId: number) =>
  sql`(select coalesce(merged_into, id) from customers where card = ${card} and programme_id = ${programmeId})`
