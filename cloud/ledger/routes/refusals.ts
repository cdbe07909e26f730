import type { RefusalCode } from '../../../shared/refusal.ts'

/** The status of a refusal where one operation was sent: 404 not found, 409 a conflict, 422 forbidden by a rule. */
export const statusOf: Record<RefusalCode, 404 | 409 | 422> = {
  malformed: 422,
  id_reused: 409,
  not_your_operation: 404,
  customer_not_found: 404,
  customer_frozen: 422,
  amount_out_of_range: 422,
  clock_out_of_range: 422,
  proof_refused: 422,
  duplicate_transaction: 409,
  original_not_found: 404,
  already_resolved: 409,
  over_refund: 422,
  too_many_holds: 422,
  voucher_refused: 422,
  over_discount_limit: 422,
  below_minimum: 422,
  in_debt: 422,
  insufficient_points: 422,
  cannot_merge: 422,
}
