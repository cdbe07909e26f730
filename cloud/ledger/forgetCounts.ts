import type { Fragment } from 'postgres'
import { IN_ALL } from '../../shared/rules/facts.ts'
import type { Sql, Tx } from '../database/connect.ts'

// The counts of customers by day: points earned, purchases made, rules used.

/** The audit compares no days before this one any more. Their counts never come back, whatever the settings say later. */
export async function keepCountsFrom(sql: Sql, programmeId: number, day: string): Promise<void> {
  await sql`
    update programmes set counts_kept_from = ${day}
    where id = ${programmeId} and coalesce(counts_kept_from, '') < ${day}`
}

/** Whether customer `whose` has counts of a day before this one. */
export const hasCountsBefore = (sql: Sql, whose: Fragment, day: string): Fragment => sql`(
  exists (select from customer_days where customer_id = ${whose} and day < ${day})
  or exists (select from rule_uses where customer_id = ${whose} and period < ${day} and period <> ${IN_ALL}))`

/**
 * Drops the counts of these customers from before a day. A customer who is at a till just now is left for another night. A
 * return of goods of such a day writes a row for it again, which goes with the next run.
 */
export async function forgetCounts(sql: Sql, customerIds: number[], before: string): Promise<number> {
  return await sql.begin(async (sql) => {
    const free = await lockFree(sql, customerIds)
    const days =
      await sql`delete from customer_days where customer_id = any(${free}::bigint[]) and day < ${before}`
    const uses = await sql`
      delete from rule_uses
      where customer_id = any(${free}::bigint[]) and period < ${before} and period <> ${IN_ALL}`
    return days.count + uses.count
  })
}

async function lockFree(sql: Tx, customerIds: number[]): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id from customers where id = any(${customerIds}::bigint[]) order by id for no key update skip locked`
  return rows.map(({ id }) => id)
}
