import { type Instant, toIso } from '../../shared/time.ts'
import type { Changed } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import { withdrawConsents } from './consents.ts'
import { rememberDebt } from './debts.ts'

interface Erasing {
  customerId: number
  card: string
  before: string
  /** With it a debt is kept for the person alone; null where it is not at hand. */
  secret: string | null
  now: Instant
}

/**
 * Forgets the person and keeps the sums: the card, and those that were merged into it, stay taken, and what was bought stays counted. What they were
 * still to be told is forgotten with them. The caller has locked the customer, and writes the change into the log.
 * `debtLeft` cannot follow them.
 */
export async function eraseWithin(
  sql: Tx,
  { customerId, card, before, secret, now }: Erasing,
): Promise<{ debtLeft: number; change: Changed }> {
  const debtLeft = await rememberDebt(sql, { customerId, secret, now })
  await sql`
    update customers set status = 'erased', first_name = null, profile_tx = pg_current_xact_id()
    where id = ${customerId} or merged_into = ${customerId}`
  await sql`delete from people where customer_id = ${customerId}`
  await sql`delete from notifications where customer_id = ${customerId}`
  const all = await sql<{ id: number }[]>`
    select id from customers where id = ${customerId} or merged_into = ${customerId} order by id`
  await sql`delete from customer_segments where customer_id = any(${all.map(({ id }) => id)}::bigint[])`
  for (const { id } of all) await withdrawConsents(sql, id, now)
  await sql`
    insert into erasures (card, erased_at)
    select card, ${toIso(now)} from customers where id = any(${all.map(({ id }) => id)}::bigint[])
    on conflict do nothing`
  const change = { subject: `customer ${card}`, before: { status: before }, after: { status: 'erased' } }
  return { debtLeft, change }
}
