import type { Outcome } from '../../shared/operation.ts'
import type { Tx } from '../database/connect.ts'
import { postWithin } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import type { House } from './command.ts'

/** One operation by hand, in the transaction of what is written about it. */
export async function askLedger(sql: Tx, { now, holdSeconds }: House, request: Request): Promise<Outcome> {
  const [outcome] = await postWithin(sql, [request], { now: () => now, holdSeconds })
  if (!outcome) throw new Error('the ledger did not answer')
  return outcome
}
