import { z } from 'zod'

/**
 * Why the ledger would not do an operation: a closed list, in the order the ledger checks it.
 * A refusal is a value, never an exception, and it is reached before the first write.
 */
export const refusalCodes = [
  'malformed',
  'id_reused',
  'not_your_operation',
  'customer_not_found',
  'customer_frozen',
  'amount_out_of_range',
  'clock_out_of_range',
  'proof_refused',
  'duplicate_transaction',
  'original_not_found',
  'already_resolved',
  'over_refund',
  'too_many_holds',
  'voucher_refused',
  'over_discount_limit',
  'below_minimum',
  'in_debt',
  'insufficient_points',
  'cannot_merge',
] as const

export const refusalCodeSchema = z.enum(refusalCodes)
export type RefusalCode = z.infer<typeof refusalCodeSchema>

/** What an engineer reads; the kiosk has its own sentences for the cashier. Points were not touched in any case. */
export const refusalMessages: Record<RefusalCode, string> = {
  malformed: 'The operation does not have the form of the contract; details name the fields.',
  id_reused: 'This id was used before for an operation with other content. Mint a new id.',
  not_your_operation: 'The operation belongs to another store.',
  customer_not_found: 'No customer has this card.',
  customer_frozen: 'The customer is frozen: an administrator must unfreeze the card first.',
  amount_out_of_range: 'The amount is outside the range the programme allows.',
  clock_out_of_range: 'The time of the operation is too far ahead of the server, or too old to be executed.',
  proof_refused:
    'The customer must show a live code of the Mini App that was not used before; details say what is wrong.',
  duplicate_transaction:
    'The same customer made an equal purchase in this store a moment ago. Send confirmDuplicate: true if this is a second one.',
  original_not_found: 'There is no such operation to settle or refund.',
  already_resolved: 'The hold was resolved before; details say how.',
  over_refund: 'More money would be refunded than was paid.',
  too_many_holds: 'This register has too many redemptions open: they must be applied or released first.',
  voucher_refused: 'The voucher is not good for this purchase; details say why.',
  over_discount_limit: 'The discount is larger than the programme allows for this purchase.',
  below_minimum: 'At least 1 point must be spent, or a voucher shown.',
  in_debt: 'The customer owes points; the next earnings pay them back before any can be spent.',
  insufficient_points: 'The customer does not have that many points available.',
  cannot_merge: 'These two cards cannot become one customer; details say why.',
}

/**
 * Refusals that the ledger does not store, so that the id stays free: nothing of the customer was judged, or,
 * for a duplicate, the answer is a question to the cashier and "yes" comes back under the same id. Any other
 * refusal is final, and trying again is a new operation.
 */
const passing = new Set<RefusalCode>([
  'malformed',
  'id_reused',
  'not_your_operation',
  'customer_not_found',
  'duplicate_transaction',
  'original_not_found',
])

export function leavesIdFree(code: RefusalCode): boolean {
  return passing.has(code)
}

export function isRefusalCode(code: string): code is RefusalCode {
  return refusalCodes.some((known) => known === code)
}
