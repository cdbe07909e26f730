import type { CommandRefusal, KnownCustomer, Offer, Processing, VoucherUsed } from '../../../shared/bridge.ts'
import { discountRubles } from '../../../shared/money.ts'
import { isInRange } from '../../../shared/rules/quote.ts'
import { isUnsettled, offerOf } from './offer.ts'
import { isOfAnother } from './openSale.ts'
import { endOffer } from './progress.ts'
import { type EventOf, type OpenSale, type Session, stay, type Transition } from './state.ts'
import type { ShownVoucher } from './voucher.ts'
import { afresh } from './withoutCustomer.ts'
import type { World } from './world.ts'

/** A number of points is chosen for one customer and one amount: for any other it is all of them again. */
export function choose(session: Session, chosen: EventOf<'choose'>): Transition {
  const seen = whatIsSeen(session, chosen.purchaseKopecks)
  if ('refused' in seen) return seen
  const { purchaseKopecks, points } = chosen
  return stay({ ...session, chosen: { purchaseKopecks, points } })
}

export function earn(
  session: Session,
  { id, purchaseKopecks, confirmDuplicate }: EventOf<'earn'>,
  world: World,
): Transition {
  const seen = whatIsSeen(session, purchaseKopecks)
  if ('refused' in seen) return seen
  const { sale, customer } = seen
  if (!isInRange(world.book, purchaseKopecks)) return { refused: 'amount_out_of_range' }
  // 1C may have the discount of this very sale: it would earn twice.
  if (isUnsettled(sale, world)) return { refused: 'busy' }
  const act = processing({ id, kind: 'earn', purchaseKopecks, points: 0 })
  return {
    session: { ...session, isAmountNew: false, act, actSaleId: sale.id, actVoucher: null },
    effects: [{ type: 'commit_earn', id, sale, customer, confirmDuplicate }],
  }
}

export function redeem(session: Session, tap: EventOf<'redeem'>, world: World): Transition {
  const { id, purchaseKopecks, points, confirmDuplicate, withVoucher = false } = tap
  const seen = whatIsSeen(session, purchaseKopecks)
  if ('refused' in seen) return seen
  const { sale, customer } = seen
  const offer = offerOf({ sale, customer, chosen: null, voucher: session.voucher }, world)
  const { maxPoints, voucher } = mostOf(offer, withVoucher ? session.voucher : null)
  if (points > maxPoints || (points === 0 && !voucher)) return { refused: 'cannot_redeem' }
  const used = voucher && voucherUsed(offer, points)
  const act = processing({ id, kind: 'redeem', purchaseKopecks, points, ...(used && { voucher: used }) })
  return {
    session: { ...session, isAmountNew: false, act, actSaleId: sale.id, actVoucher: voucher },
    effects: [{ type: 'commit_redeem', id, sale, customer, points, voucher, confirmDuplicate }],
  }
}

/** How many points may go with a redemption, and with which voucher; none where it is not possible. */
function mostOf({ redeem, voucher: offer }: Offer, shown: ShownVoucher | null) {
  if (!shown) return { maxPoints: redeem.isPossible ? redeem.maxPoints : 0, voucher: null }
  if (shown.state !== 'good' || !offer?.isPossible) return { maxPoints: -1, voucher: null }
  const { code, terms, itemKopecks } = shown
  return { maxPoints: offer.maxPoints, voucher: { code, terms, itemKopecks } }
}

/** What the voucher does in a sale with so many points. */
function voucherUsed({ voucher }: Offer, points: number): VoucherUsed | null {
  if (!voucher?.isPossible) return null
  const { title, kopecks } = voucher
  return { title, kopecks, discountRubles: discountRubles({ points, voucherKopecks: kopecks }) }
}

/** The customer and the sale that the cashier saw at the tap. After an error the cashier may tap again. */
function whatIsSeen(
  session: Session,
  purchaseKopecks: number,
): { customer: KnownCustomer; sale: OpenSale } | { refused: CommandRefusal } {
  const { act, customer, sale } = session
  if (act && act.type !== 'error') return { refused: 'busy' }
  if (!customer || isOfAnother(session, sale)) return { refused: 'no_customer' }
  if (!sale) return { refused: 'no_amount' }
  if (customer.status === 'frozen') return { refused: 'card_frozen' }
  return sale.purchaseKopecks === purchaseKopecks ? { customer, sale } : { refused: 'amount_changed' }
}

export function refund(
  session: Session,
  { id, of, refundKopecks, voucher: returned = null }: EventOf<'refund'>,
): Transition {
  if (session.act?.type === 'processing') return { refused: 'busy' }
  const { purchaseKopecks, spent: points } = of
  const part = refundKopecks === null ? {} : { refundKopecks }
  const act = processing({ id, kind: 'refund', purchaseKopecks, points, ...part })
  return {
    // Whatever sale 1C has open, goods that come back are not for it.
    session: { ...afresh(session), act, actSaleId: null, actVoucher: null, returned },
    effects: [{ type: 'commit_refund', id, originalId: of.id, refundKopecks }],
  }
}

function processing(
  of: Pick<Processing, 'kind' | 'purchaseKopecks' | 'points' | 'refundKopecks' | 'voucher'> & { id: string },
): Processing {
  const { id, ...rest } = of
  return { type: 'processing', operationId: id, stage: 'asking', deadlineAt: null, ...rest }
}

export function cancel(session: Session): Transition {
  const { act } = session
  if (act?.type === 'processing') {
    return act.kind === 'redeem' ? endOffer(session, act, 'cancelled') : { refused: 'busy' }
  }
  // After an error the same customer may try again, unless their receipt is over; any other phase is left.
  const isTriedAgain = act?.type === 'error' && !isOfAnother(session, session.sale)
  return stay(isTriedAgain ? { ...session, act: null } : afresh(session))
}
