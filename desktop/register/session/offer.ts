import type { Choice, Earning, KnownCustomer, NoRedemption, Offer, Sale } from '../../../shared/bridge.ts'
import type { Settings } from '../../../shared/programme.ts'
import type { Reading } from '../../../shared/reading.ts'
import { type Facts, factsOf, keyOfUse } from '../../../shared/rules/facts.ts'
import { spendable } from '../../../shared/rules/quote.ts'
import { MINUTE } from '../../../shared/time.ts'
import { type Judges, preview } from './preview.ts'
import type { Session } from './state.ts'

/** What the session has to know of everything around it. */
export interface World extends Judges {
  settings: Reading<Settings>
  /** What operations may carry beside what every cloud takes. */
  operationFields: readonly string[]
  isOnline: boolean
  isExchangeReady: boolean
  /** A discount can be laid into the folder of 1C. */
  isExchangeWritable: boolean
  /** An earlier discount whose fate is not known yet: another one must wait. */
  hasOpenRedemption: boolean
}

/** What the sale would earn and could spend, by the functions that the ledger decides with; all points unless fewer are chosen. */
export function offerOf(
  { sale, customer, chosen }: { sale: Sale; customer: KnownCustomer; chosen: Session['chosen'] },
  world: World,
): Offer {
  const { purchaseKopecks } = sale
  const wallet = { available: customer.available ?? 0, debt: customer.debt }
  const { maxPoints, why } = spendable(world.book, { kopecks: purchaseKopecks }, wallet)
  const reason = whyNoRedemption(sale, customer, world, why)
  return {
    earn: earningOf(customer, world, { purchaseKopecks, points: 0 }),
    redeem: reason
      ? { isPossible: false, reason }
      : {
          isPossible: true,
          maxPoints,
          bound: boundOf(world, { maxPoints, available: wallet.available }),
          choice: choiceOf(customer, world, {
            purchaseKopecks,
            points:
              chosen?.purchaseKopecks === purchaseKopecks ? Math.min(chosen.points, maxPoints) : maxPoints,
          }),
        },
  }
}

function boundOf(
  { book }: World,
  { maxPoints, available }: { maxPoints: number; available: number },
): Extract<Offer['redeem'], { isPossible: true }>['bound'] {
  return maxPoints < available
    ? { by: 'share', basisPoints: book.base.max_discount_basis_points }
    : { by: 'balance' }
}

function choiceOf(
  customer: KnownCustomer,
  world: World,
  purchase: { purchaseKopecks: number; points: number },
): Choice {
  const { points } = purchase
  const { paidKopecks, earned, isSure } = earningOf(customer, world, purchase)
  return { points, paidKopecks, earned, isSure, remains: (customer.available ?? 0) - points + earned }
}

/** What a sale to this customer brings, as far as is known of them here. */
export const earningOf = (
  customer: KnownCustomer | null,
  world: Judges,
  purchase: { purchaseKopecks: number; points: number },
): Earning => preview(world, purchase, customer ? knownFacts(customer, world) : {})

/** What the cloud counted of a customer is trusted for so long. */
const COUNTS_FRESH_MS = MINUTE

function knownFacts({ counts, asOf }: KnownCustomer, { book, now }: Judges): Facts {
  if (!counts || asOf === null || now - asOf > COUNTS_FRESH_MS) return {}
  const { registeredAt, purchases, lastPurchaseAt, uses } = counts
  const known = {
    ...{ registeredAt: Date.parse(registeredAt), purchases },
    latest: new Map(lastPurchaseAt === null ? [] : [['', Date.parse(lastPurchaseAt)]]),
    uses: new Map(uses.map((use) => [keyOfUse(use), use.uses])),
  }
  return factsOf(known, book, now)
}

function whyNoRedemption(
  sale: Sale,
  customer: KnownCustomer,
  world: World,
  whyNothing: ReturnType<typeof spendable>['why'],
): NoRedemption | null {
  if (customer.status === 'frozen') return 'card_frozen'
  if (!world.isOnline) return 'cloud_away'
  if (customer.source !== 'cloud' || customer.available === null) return 'balance_not_current'
  if (sale.source !== '1c') return 'amount_not_of_1c'
  if (!world.isExchangeReady) return 'exchange_away'
  if (!world.isExchangeWritable) return 'exchange_unwritable'
  if (world.hasOpenRedemption) return 'discount_not_settled'
  if (whyNothing) return whyNothing
  // Last: a customer is not asked for their phone where there is nothing to spend.
  if (world.settings.redeem_proof === 'signed_code' && customer.code === null) return 'code_needed'
  return null
}
