import type { Snapshot } from '../../../shared/bridge.ts'

/** Points could be spent if the customer who is there showed a live code: the camera waits for it. */
export function needsCode({ phase, offer, customer, programme }: Snapshot): boolean {
  if (phase === 'ready') return offer?.redeem.isPossible === false && offer.redeem.reason === 'code_needed'
  if (phase !== 'customer_found' || programme.redeem_proof === 'none') return false
  return customer?.source === 'cloud' && customer.code === null && (customer.available ?? 0) > 0
}

/** The next code of the phone that is in view is another try. */
export function wasCodeRefused({ notFound, act }: Snapshot): boolean {
  if (act) return act.type === 'error' && act.code === 'proof_refused'
  return notFound?.reason === 'code_altered' || notFound?.reason === 'code_too_old'
}
