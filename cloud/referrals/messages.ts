import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import type { ReferralFacts } from './facts.ts'

export interface Told {
  customerId: number
  facts: ReferralFacts
}

/**
 * Tells the two customers of an invitation, in the transaction of its change. Each fact is told once, and an end again
 * where it has another reason, because a person may have let the invitation go on. The lock on a person keeps one who is
 * being erased from getting a message that nobody would delete.
 */
export async function tell(
  sql: Tx,
  told: Told[],
  { refereeId, now }: { refereeId: number; now: Instant },
): Promise<void> {
  await sql`
    insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
    select told.customer_id, 'referral', concat_ws(' ', ${refereeId}::bigint, told.facts ->> 'what', told.facts ->> 'reason'), told.facts, ${toIso(now)}, ${toIso(now)}
    from unnest(
      ${told.map(({ customerId }) => customerId)}::bigint[],
      ${told.map(({ facts }) => JSON.stringify(facts))}::text[]::jsonb[]) as told(customer_id, facts)
    cross join lateral (
      select from people
      where people.customer_id = told.customer_id and notify_referrals and unreachable_since is null
        and (select status from customers where id = people.customer_id) = 'active'
      limit 1
      for key share of people) person
    on conflict do nothing`
}
