import { type Instant, toIso } from '../../shared/time.ts'
import { logChange } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import { eraseWithin } from './erase.ts'
import type { Erasure } from './erasures.ts'

/**
 * Erases once more, in a restored database, the customers who were erased after the backup. A card that was given to another
 * customer afterwards is left alone: an erasure is of the customer who had the card then, allowing for clocks that differ.
 */
export async function eraseAgain(
  sql: Tx,
  erasures: Erasure[],
  { who, secret }: { who: string; secret: string | null },
): Promise<{ again: number; isListBehind: boolean; debtLeft: number }> {
  const isListBehind = await knowsMore(sql, erasures)
  await sql`
    insert into erasures (card, erased_at)
    select * from unnest(
      ${erasures.map(({ card }) => card)}::text[],
      ${erasures.map(({ erasedAt }) => toIso(erasedAt))}::timestamptz[])
    on conflict do nothing`
  const back = await sql<{ customerId: number; card: string; before: string; now: Instant }[]>`
    select customers.id as "customerId", card, status as before, max(erased_at) as now
    from customers join erasures using (card)
    where status <> 'erased' and created_at <= erased_at + interval '5 minutes'
    group by customers.id order by customers.id`
  let debtLeft = 0
  for (const customer of back) {
    const erased = await eraseWithin(sql, { ...customer, secret })
    await logChange(sql, { who, action: 'customer erase', ...erased.change })
    debtLeft += erased.debtLeft
  }
  return { again: back.length, isListBehind, debtLeft }
}

/** Whether the backup has an erasure that the list has not: then it is an old list, or that of another database. */
async function knowsMore(sql: Tx, erasures: Erasure[]): Promise<boolean> {
  const [row] = await sql<{ knowsMore: boolean }[]>`
    select exists (
      select card, erased_at from erasures
      except
      select * from unnest(
        ${erasures.map(({ card }) => card)}::text[],
        ${erasures.map(({ erasedAt }) => toIso(erasedAt))}::timestamptz[])) as "knowsMore"`
  return row?.knowsMore ?? false
}
