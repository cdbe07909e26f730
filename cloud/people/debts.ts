import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import type { Author } from '../ledger/account.ts'
import { derivedId } from '../ledger/derivedId.ts'
import { postWithin } from '../ledger/post.ts'
import { hashOfPerson } from './personHash.ts'

const author: Author = { type: 'system', name: 'debt' }

/**
 * Keeps the debt of a person who is being erased, by a hash of the person alone. Returns the points that are lost to the
 * programme instead, where the person cannot be known again: they are not in Telegram, or the secret is not at hand. The
 * caller has locked the customer.
 */
export async function rememberDebt(
  sql: Tx,
  { customerId, secret, now }: { customerId: number; secret: string | null; now: Instant },
): Promise<number> {
  const [owing] = await sql<{ debt: number; telegramId: number | null }[]>`
    select debt, telegram_id as "telegramId"
    from customers left join people on people.customer_id = customers.id
    where customers.id = ${customerId} and debt > 0`
  if (!owing) return 0
  if (owing.telegramId === null || secret === null) return owing.debt
  await sql`
    insert into debtors (customer_id, person_hash, erased_at)
    values (${customerId}, ${hashOfPerson(secret, owing.telegramId)}, ${toIso(now)})`
  return 0
}

/** Moves the debt that a person had when they were erased from the old card to the new one. */
export async function carryDebt(
  sql: Tx,
  { personHash, card, now }: { personHash: Buffer; card: string; now: Instant },
): Promise<number> {
  const followed = await sql<{ customerId: number; erasedAt: Instant }[]>`
    delete from debtors
    where person_hash = ${personHash} and exists (
      select from customers old join customers new using (programme_id)
      where old.id = debtors.customer_id and new.card = ${card})
    returning customer_id as "customerId", erased_at as "erasedAt"`
  let carried = 0
  for (const { customerId, erasedAt } of followed) {
    const [old] = await sql<{ card: string; debt: number }[]>`
      select card, debt from customers where id = ${customerId} and debt > 0 for no key update`
    if (!old) continue
    const reason = `debt of the erased customer ${customerId}`
    const move = (to: 'leaves' | 'arrives', moved: { card: string; points: number }) => {
      const id = derivedId(erasedAt, `${reason} ${to}`)
      return { id, kind: 'adjust' as const, at: now, reason, author, carriesDebt: true as const, ...moved }
    }
    const outcomes = await postWithin(
      sql,
      [move('leaves', { card: old.card, points: old.debt }), move('arrives', { card, points: -old.debt })],
      { now: () => now },
    )
    const refused = outcomes.find((outcome) => outcome.status === 'refused')
    if (refused) throw new Error(`a debt was not carried: ${refused.message}`)
    carried += old.debt
  }
  return carried
}
