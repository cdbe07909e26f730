import type { Outcome } from '../../shared/operation.ts'
import { post } from '../ledger/post.ts'
import { createQueue } from '../ledger/queue.ts'
import type { Request } from '../ledger/request.ts'
import type { House } from './command.ts'

/** One operation by hand; the queue tries again where a register's operation was in the way. */
export async function askLedger({ sql, now, holdSeconds }: House, request: Request): Promise<Outcome> {
  const queue = createQueue((requests) => post(sql, requests, { now: () => now, holdSeconds }))
  const [outcome] = await queue.submit([request])
  if (!outcome) throw new Error('the ledger did not answer')
  return outcome
}
