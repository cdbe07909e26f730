import type { KnownCustomer, NoRedemption, Offer, Sale } from '../../../shared/bridge.ts'
import { cashbackPoints, discountLimitPoints, paidKopecks } from '../../../shared/money.ts'
import type { Programme } from '../../../shared/programme.ts'

/** What the session has to know of everything around it. */
export interface World {
  programme: Programme
  isOnline: boolean
  isExchangeReady: boolean
  /** A discount can be laid into the folder of 1C. */
  isExchangeWritable: boolean
  /** An earlier discount whose fate is not known yet: another one must wait. */
  hasOpenRedemption: boolean
}

/** What the sale would earn and could spend, by the functions that the ledger decides with. */
export function offerOf(sale: Sale, customer: KnownCustomer, world: World): Offer {
  const { purchaseKopecks } = sale
  const { cashback_basis_points, max_discount_basis_points } = world.programme
  const limit = discountLimitPoints(purchaseKopecks, max_discount_basis_points)
  const maxPoints = Math.min(limit, customer.available ?? 0)
  const paid = paidKopecks(purchaseKopecks, maxPoints)
  const reason = whyNoRedemption(sale, customer, world, limit)
  return {
    earn: { earned: cashbackPoints(purchaseKopecks, cashback_basis_points), paidKopecks: purchaseKopecks },
    redeem: reason
      ? { isPossible: false, reason }
      : {
          isPossible: true,
          maxPoints,
          paidKopecks: paid,
          earned: cashbackPoints(paid, cashback_basis_points),
        },
  }
}

function whyNoRedemption(
  sale: Sale,
  customer: KnownCustomer,
  world: World,
  limitPoints: number,
): NoRedemption | null {
  if (!world.isOnline) return 'cloud_away'
  if (customer.source !== 'cloud' || customer.available === null) return 'balance_not_current'
  if (sale.source !== '1c') return 'amount_not_of_1c'
  if (!world.isExchangeReady) return 'exchange_away'
  if (!world.isExchangeWritable) return 'exchange_unwritable'
  if (world.hasOpenRedemption) return 'discount_not_settled'
  if (customer.debt > 0) return 'in_debt'
  if (customer.available < 1) return 'no_points'
  if (limitPoints < 1) return 'purchase_too_small'
  // Last: nobody is asked for their phone where there is nothing to spend.
  if (world.programme.redeem_proof === 'signed_code' && customer.code === null) return 'code_needed'
  return null
}
