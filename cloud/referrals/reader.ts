import type { OperationKind } from '../../shared/operation.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { customersOf } from '../feed/operations.ts'
import type { Reader } from '../feed/reader.ts'

/** The operations that may change an invitation: before the reward, and after it. */
const BUYING: OperationKind[] = ['earn', 'apply', 'refund']
const MERGING: OperationKind[] = ['merge', 'unmerge']

/**
 * Marks the invitations of customers who bought, returned goods or were merged, to be judged again. The judgement counts
 * anew from the ledger, so an operation that is read twice does no harm.
 */
export function createReferralReader(now: Instant): Reader {
  return {
    name: 'referrals',
    basis: 'friends',
    walk: async (sql, customerIds) => await lookAgain(sql, { customerIds, now }),
    follow: async (sql, operations) => {
      const of = (kinds: OperationKind[]) => operations.filter(({ kind }) => kinds.includes(kind))
      const bought = of(BUYING).map(({ customerId }) => customerId)
      const returned = of(['refund']).map(({ customerId }) => customerId)
      await sql`
        update referrals set due_at = ${toIso(now)}
        where referee_id in (
            select id from customers where id = any(${bought}::bigint[]) or merged_into = any(${bought}::bigint[]))
          and (state in ('waiting', 'flagged') or state = 'rewarded' and exists (
            select from customers where id = referee_id and coalesce(merged_into, id) = any(${returned}::bigint[])))`
      const merged = of(MERGING)
      if (merged.length > 0) await lookAgain(sql, { customerIds: await customersOf(sql, merged), now })
    },
  }
}

/** Marks the open invitations of these customers, of either side, to be judged again. */
export async function lookAgain(
  sql: Tx,
  { customerIds, now }: { customerIds: number[]; now: Instant },
): Promise<void> {
  await sql`
    update referrals set due_at = ${toIso(now)}
    where state in ('waiting', 'flagged', 'rewarded') and (
      referee_id = any(${customerIds}::bigint[]) or referrer_id = any(${customerIds}::bigint[]))`
}
