import type { Instant } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { lookAgain } from './reader.ts'

/** Takes the link of an erased customer away, and has the job judge their referrals again, which ends them. */
export async function leave(
  sql: Tx,
  { customerIds, now }: { customerIds: number[]; now: Instant },
): Promise<void> {
  await sql`delete from referral_codes where customer_id = any(${customerIds}::bigint[])`
  await lookAgain(sql, { customerIds, now })
}
