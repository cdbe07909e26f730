import type { Outcome, Refused } from '../../shared/operation.ts'
import type { Tx } from '../database/connect.ts'
import { postWithin } from '../ledger/post.ts'
import type { Request } from '../ledger/request.ts'
import { ActError, type By } from './act.ts'

/** Posts one operation by hand, in the transaction that logs it. */
export async function askLedger(sql: Tx, { now, holdSeconds }: By, request: Request): Promise<Outcome> {
  const [outcome] = await postWithin(sql, [request], { now: () => now, holdSeconds })
  if (!outcome) throw new Error('the ledger did not answer')
  return outcome
}

/** A refusal of the ledger, as the error of an act. */
export function refusal(refused: Refused): ActError {
  const details = Object.entries(refused.details).map(([what, value]) => `${what} ${value}`)
  const more = details.length > 0 ? ` (${details.join(', ')})` : ''
  return new ActError(refused.code, `${refused.message}${more}`, refused)
}
