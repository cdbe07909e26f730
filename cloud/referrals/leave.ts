import type { Instant } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { lookAgain } from './reader.ts'

/** An erased customer has no link any more, and the job looks at their referrals again, which are over by that. */
export async function leave(
  sql: Tx,
  { customerIds, now }: { customerIds: number[]; now: Instant },
): Promise<void> {
  await sql`delete from referral_codes where customer_id = any(${customerIds}::bigint[])`
  await lookAgain(sql, { customerIds, now })
}
