import type {
  Choice,
  Earning,
  KnownCustomer,
  NoRedemption,
  Offer,
  Sale,
  StatusShown,
  VoucherChoice,
  VoucherOffer,
} from '../../../shared/bridge.ts'
import { discountRubles, worthKopecks } from '../../../shared/money.ts'
import { type Facts, factsOf, groupsOf, keyOfUse, segmentsAskedBy } from '../../../shared/rules/facts.ts'
import { isInRange, maxDiscountBasisPoints, spendable } from '../../../shared/rules/quote.ts'
import { isAboutToRise, progressOf } from '../../../shared/rules/status.ts'
import { discountWith, type JudgedTerms, whyNoVoucher } from '../../../shared/rules/voucher.ts'
import { MINUTE } from '../../../shared/time.ts'
import { type Considered, preview, purchaseTold, type SaleGround } from './preview.ts'
import type { OpenSale, Session } from './state.ts'
import type { ShownVoucher } from './voucher.ts'
import type { World } from './world.ts'

/** What the sale would earn and could spend, by the functions that the ledger decides with; all points unless fewer are chosen. */
export function offerOf(
  {
    sale,
    customer,
    chosen,
    voucher = null,
  }: {
    sale: Sale & Pick<OpenSale, 'items' | 'key'>
    customer: KnownCustomer
    chosen: Session['chosen']
    voucher?: ShownVoucher | null
  },
  world: World,
): Offer {
  const { purchaseKopecks, items } = sale
  const wallet = { available: customer.available ?? 0, debt: customer.debt }
  const facts = knownFacts(customer, world)
  const { maxPoints, why } = spendable(world.book, { kopecks: purchaseKopecks }, facts, wallet)
  const reason = whyNoRedemption(sale, customer, world, why)
  const earn = earningOf(customer, world, { purchaseKopecks, points: 0, items })
  const shown = voucherOffer(voucher, { sale, customer, chosen }, world)
  return {
    bookVersion: world.book.version,
    status: statusShown(customer, world, earn),
    earn,
    becomes: balanceAfter(customer, { points: 0, ...earn }),
    redeem: reason
      ? { isPossible: false, reason }
      : {
          isPossible: true,
          maxPoints,
          bound: boundOf(world, { maxPoints, available: wallet.available, facts }),
          choice: choiceOf(customer, world, {
            ...{ purchaseKopecks, items },
            points: chosenOf(chosen, purchaseKopecks, maxPoints),
          }),
        },
    ...(shown && { voucher: shown }),
  }
}

/** What the voucher does for this sale, with as many points as it goes with and are chosen, and without any. */
function voucherOffer(
  voucher: ShownVoucher | null,
  {
    sale,
    customer,
    chosen,
  }: { sale: Sale & Pick<OpenSale, 'items' | 'key'>; customer: KnownCustomer; chosen: Session['chosen'] },
  world: World,
): VoucherOffer | null {
  if (!voucher || voucher.state === 'waiting' || voucher.state === 'asked') return null
  if (voucher.state === 'bad') return { isPossible: false, reason: voucher.reason, title: voucher.title }
  const { terms, itemKopecks } = voucher
  const { title } = terms
  const { purchaseKopecks, items } = sale
  const { book } = world
  // Points are asked about apart: who has none, or owes some, can still use a voucher.
  const away = whyNoRedemption(sale, customer, world, null)
  if (away) return { isPossible: false, reason: away, title }
  const purchase = purchaseTold(world, { purchaseKopecks, items })
  const shown = { purchase, points: 0, itemKopecks }
  const reason = whyNoVoucher(terms, shown, book.timeZone)
  if (reason)
    return {
      ...{ isPossible: false, reason, title },
      ...(reason === 'below_min_purchase' && { minKopecks: terms.min_purchase_kopecks }),
      ...(reason === 'no_product' && !purchase.items && { needsPrice: true }),
    }
  const off = discountWith(terms, shown)
  const { voucherKopecks } = off
  const wallet = { available: customer.available ?? 0, debt: customer.debt }
  const facts = knownFacts(customer, world)
  const beside = terms.with_points ? spendable(book, purchase, facts, wallet, off).maxPoints : 0
  const without = spendable(book, purchase, facts, wallet).maxPoints
  const choiceWith = (points: number): VoucherChoice => ({
    ...choiceOf(customer, world, { purchaseKopecks, items, points, voucher: { terms, itemKopecks } }),
    discountRubles: discountRubles({ points, voucherKopecks }),
  })
  return {
    ...{ isPossible: true, title, kopecks: voucherKopecks },
    ...{ maxPoints: beside, isWithPoints: terms.with_points },
    isLarger: worthOf(terms, voucherKopecks) >= worthKopecks(without),
    itemKopecks: itemKopecks ?? null,
    alone: choiceWith(0),
    ...choiceWith(chosenOf(chosen, purchaseKopecks, beside)),
  }
}

/** What it brings to the customer: off the receipt, or in points. */
const worthOf = ({ gives }: JudgedTerms, voucherKopecks: number) =>
  gives.type === 'points' ? worthKopecks(gives.points) : voucherKopecks

/** All, unless fewer were chosen for this very purchase. */
const chosenOf = (chosen: Session['chosen'], purchaseKopecks: number, most: number) =>
  chosen?.purchaseKopecks === purchaseKopecks ? Math.min(chosen.points, most) : most

function boundOf(
  { book }: World,
  { maxPoints, available, facts }: { maxPoints: number; available: number; facts: Facts },
): Extract<Offer['redeem'], { isPossible: true }>['bound'] {
  return maxPoints < available
    ? { by: 'share', basisPoints: maxDiscountBasisPoints(book, facts) }
    : { by: 'balance' }
}

function choiceOf(customer: KnownCustomer, world: World, purchase: Considered): Choice {
  const { points } = purchase
  const { paidKopecks, earned, atOnce, isSure } = earningOf(customer, world, purchase)
  return { points, paidKopecks, earned, isSure, remains: balanceAfter(customer, { points, atOnce }) }
}

/** What can be spent after so many points were spent and earned. */
function balanceAfter(
  { available, debt }: KnownCustomer,
  { points, atOnce }: Pick<Choice, 'points'> & Pick<Earning, 'atOnce'>,
): number | null {
  return available === null || debt > 0 ? null : available - points + atOnce
}

/** The points that a sale to this customer earns, as far as the register can know. */
export const earningOf = (
  customer: KnownCustomer | null,
  ground: SaleGround,
  purchase: Considered,
): Earning => {
  const facts = customer ? knownFacts(customer, ground) : {}
  const { book } = ground
  const dependsOnCustomer = book.statuses.length > 0 || segmentsAskedBy(book).length > 0
  const isStale = dependsOnCustomer && !isFresh(customer, ground)
  return preview(ground, purchase, facts, { isStale })
}

/** The customer's status, how far it is to the next one, and whether this purchase reaches it. */
function statusShown(customer: KnownCustomer, { book }: SaleGround, earning: Earning): StatusShown | null {
  if (!customer.standing || book.statuses.length === 0) return null
  const { status, next, reaches } = progressOf(book, customer.standing, earning)
  return {
    ...{ title: status?.title ?? null, colour: status?.colour ?? null, reaches: reaches?.title ?? null },
    next: next && { title: next.status.title, metric: book.status_terms.metric, missing: next.missing },
  }
}

/** The counts of the cloud are trusted for so long. */
const COUNTS_FRESH_MS = MINUTE

const isFresh = (customer: KnownCustomer | null, { now }: SaleGround) =>
  customer?.counts !== undefined && customer.asOf !== null && now - customer.asOf <= COUNTS_FRESH_MS

function knownFacts(customer: KnownCustomer, ground: SaleGround): Facts {
  const { card, counts, standing, segments } = customer
  const { book, now } = ground
  // Status and segments change seldom: an old one is a better guess than to hope for the most.
  if (!counts || !isFresh(customer, ground))
    return { ...(standing && { status: standing.status }), ...groupsOf({ card, segments }, book) }
  const { registeredAt, purchases, lastPurchaseAt, uses, today } = counts
  const known = {
    ...{ card, segments, registeredAt: Date.parse(registeredAt), purchases },
    latest: new Map(lastPurchaseAt === null ? [] : [['', Date.parse(lastPurchaseAt)]]),
    uses: new Map(uses.map((use) => [keyOfUse(use), use.uses])),
    ...(today && {
      days: new Map([[today.day, { points: today.points, purchases: today.purchases }]]),
    }),
    // Where a purchase has just reached another, the ledger may know it before this register does.
    ...(standing &&
      !isAboutToRise(book, standing) && {
        statuses: [{ name: standing.status, from: Number.NEGATIVE_INFINITY }],
      }),
  }
  return factsOf(known, book, now)
}

export const isUnsettled = ({ key }: Pick<OpenSale, 'key'>, world: Pick<World, 'isUnsettled'>): boolean =>
  key !== null && world.isUnsettled(key)

function whyNoRedemption(
  sale: Sale & Pick<OpenSale, 'key'>,
  customer: KnownCustomer,
  world: World,
  whyNothing: ReturnType<typeof spendable>['why'],
): NoRedemption | null {
  if (customer.status === 'frozen') return 'card_frozen'
  if (!isInRange(world.book, sale.purchaseKopecks)) return 'amount_out_of_range'
  if (!world.isOnline) return 'cloud_away'
  if (customer.source !== 'cloud' || customer.available === null) return 'balance_not_current'
  if (sale.source !== '1c') return 'amount_not_of_1c'
  if (!world.isExchangeReady) return 'exchange_away'
  if (!world.isExchangeWritable) return 'exchange_unwritable'
  if (world.hasOpenRedemption || isUnsettled(sale, world)) return 'discount_not_settled'
  if (whyNothing) return whyNothing
  // Last: a customer is not asked for their phone where there is nothing to spend.
  if (world.settings.redeem_proof === 'signed_code' && customer.code === null) return 'code_needed'
  return null
}
