import type { Instant } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { lookAgain } from './reader.ts'

/** Who is erased is known by no link any more, and what they were waiting for is over. */
export async function leave(
  sql: Tx,
  { customerIds, now }: { customerIds: number[]; now: Instant },
): Promise<void> {
  await sql`delete from referral_codes where customer_id = any(${customerIds}::bigint[])`
  await lookAgain(sql, { customerIds, now })
}
