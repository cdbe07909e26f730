import { type Instant, toIso } from '../../shared/time.ts'
import type { Changed } from '../auditLog.ts'
import type { Tx } from '../database/connect.ts'
import { leave } from '../referrals/leave.ts'
import { withdrawConsents } from './consents.ts'
import { rememberDebt } from './debts.ts'
import { hashOfPerson } from './personHash.ts'

interface Erasing {
  customerId: number
  card: string
  before: string
  /** The secret by whose hash a debt is kept for the person; null where it is not at hand. */
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
  await rememberFriend(sql, customerId, secret)
  await sql`
    update customers set status = 'erased', first_name = null, profile_tx = pg_current_xact_id()
    where id = ${customerId} or merged_into = ${customerId}`
  await sql`delete from people where customer_id = ${customerId}`
  await sql`delete from notifications where customer_id = ${customerId}`
  await sql`update campaign_people set message = 'gone' where customer_id = ${customerId} and message = 'queued'`
  const all = await sql<{ id: number }[]>`
    select id from customers where id = ${customerId} or merged_into = ${customerId} order by id`
  const customerIds = all.map(({ id }) => id)
  await sql`delete from customer_segments where customer_id = any(${customerIds}::bigint[])`
  for (const id of customerIds) await withdrawConsents(sql, id, now)
  await leave(sql, { customerIds, now })
  await sql`
    insert into erasures (card, erased_at)
    select card, ${toIso(now)} from customers where id = any(${customerIds}::bigint[])
    on conflict do nothing`
  const change = { subject: `customer ${card}`, before: { status: before }, after: { status: 'erased' } }
  return { debtLeft, change }
}

/** Remembers by a hash alone that a person came by a link: they cannot be a new friend a second time. */
async function rememberFriend(sql: Tx, customerId: number, secret: string | null): Promise<void> {
  const [friend] = await sql<{ telegramId: number }[]>`
    select telegram_id as "telegramId" from people
    where customer_id = ${customerId} and exists (select from referrals where referee_id = people.customer_id)`
  if (!friend || secret === null) return
  await sql`
    insert into former_friends (person_hash) values (${hashOfPerson(secret, friend.telegramId)}) on conflict do nothing`
}
