import { MINUTE } from '../../../shared/time.ts'
import type { Session } from '../session/state.ts'

/**
 * 1C leaves the amount of the last receipt where it is when a shop closes. An amount that has not changed for so long,
 * with no customer beside it, is no sale that is under way.
 */
const LEFT_OVER_MS = 30 * MINUTE

/** Whether this program may end now: what only waits to be sent is in the journal, and waits on. */
export function isFree({
  session,
  saleAgeMs,
  hasOpenRedemption,
  isWriting,
}: {
  session: Session
  /** Since when 1C or the cashier last changed the sale. */
  saleAgeMs: number
  /** The ledger has not acknowledged the last step of a redemption, and will without a person. */
  hasOpenRedemption: boolean
  isWriting: boolean
}): boolean {
  const { sale, customer, act, search } = session
  if (hasOpenRedemption || isWriting || customer || act || search) return false
  return sale === null || (sale.source === '1c' && saleAgeMs >= LEFT_OVER_MS)
}
