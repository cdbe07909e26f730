import { MINUTE } from '../../../shared/time.ts'
import type { Session } from '../session/state.ts'

/**
 * 1C leaves the amount of the last receipt where it is when a shop closes. An amount that has not changed for so long,
 * with no customer beside it, is no sale that is under way.
 */
const LEFT_OVER_MS = 30 * MINUTE

/** Whether this program may end now. Operations that wait to be sent are no obstacle: they are in the journal. */
export function isFree({
  session,
  saleAgeMs,
  hasOpenRedemption,
  isWriting,
}: {
  session: Session
  /** Since when 1C or the cashier last changed the sale. */
  saleAgeMs: number
  /** A redemption is not reported to the ledger yet, and no person is needed for that. */
  hasOpenRedemption: boolean
  isWriting: boolean
}): boolean {
  const { sale, customer, act, search } = session
  if (hasOpenRedemption || isWriting || customer || act || search) return false
  return sale === null || (sale.source === '1c' && saleAgeMs >= LEFT_OVER_MS)
}
