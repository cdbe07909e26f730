import type {
  CommandRefusal,
  KnownCustomer,
  NotFoundReason,
  Offer,
  Processing,
  VoucherUsed,
} from '../../../shared/bridge.ts'
import { discountRubles } from '../../../shared/money.ts'
import { isInRange } from '../../../shared/rules/quote.ts'
import { claimedCard, isSignedCode } from '../../../shared/signedCode.ts'
import { foreignCode } from './foreignCode.ts'
import { keepApart, merge, offerMerge, onMerge } from './merging.ts'
import { isUnsettled, offerOf, type World } from './offer.ts'
import { endOffer, isRedeeming, onProgress, updateSuccess } from './progress.ts'
import {
  type Event,
  emptySession,
  type OpenSale,
  phaseOf,
  type RefundedOperation,
  type ReturnedVoucher,
  type Session,
  stay,
  type Transition,
} from './state.ts'
import { askForReturned, askForWaiting, onVoucher, type ShownVoucher } from './voucher.ts'

/** The one place where the session changes: an event in, the next session and what to do about it out. */
export function step(session: Session, event: Event, world: World): Transition {
  const next = transition(session, event, world)
  if ('refused' in next || next.session === session) return next
  const isNewTurn = phaseOf(next.session) !== phaseOf(session) || next.session.act?.type !== session.act?.type
  const turn = isNewTurn || isTouched(event, session) ? session.turn + 1 : session.turn
  return { ...next, session: { ...next.session, turn } }
}

/** What a person does begins the wait anew, though the phase stays; a phone that lies before an error does not. */
function isTouched({ type }: Event, { act }: Session): boolean {
  if (type === 'search' || type === 'found') return act === null
  if (type === 'show_voucher' || type === 'price_voucher_item') return true
  return type === 'amount_typed' || type === 'sale' || type === 'choose'
}

function transition(session: Session, event: Event, world: World): Transition {
  switch (event.type) {
    case 'sale':
      return onSale(session, event.sale)
    case 'sale_rewritten':
      return stay(session.sale ? { ...session, sale: { ...session.sale, key: event.key } } : session)
    case 'sale_gone':
      return onSaleGone(session, world)
    case 'amount_typed':
      return typeAmount(session, event)
    case 'search':
      return search(session, event, world)
    case 'found':
      return askForWaiting(found(session, event, world), world)
    case 'not_found':
      return stay(notFound(session, event))
    case 'forget':
      return stay(forget(session, event.cards))
    case 'choose':
      return choose(session, event)
    case 'earn':
      return earn(session, event, world)
    case 'redeem':
      return redeem(session, event, world)
    case 'refund':
      return refund(session, event)
    case 'show_voucher':
    case 'voucher_found':
    case 'voucher_missed':
    case 'drop_voucher':
    case 'price_voucher_item':
      return onVoucher(session, event, world)
    case 'outcome':
      return askForReturned(
        onMerge(session, event, world) ?? onProgress(session, event, world),
        event.outcome,
      )
    case 'merge':
      return merge(session, event)
    case 'keep_apart':
      return keepApart(session, event)
    case 'cancel':
      return cancel(session)
    case 'reset':
      if (event.turn !== session.turn || session.act?.type === 'processing') return stay(session)
      return stay(afresh(session))
    case 'applied':
      return stay(updateSuccess(session, event.redeemId, event.outcome))
    case 'committed':
    case 'commit_failed':
    case 'patience_over':
      return onMerge(session, event, world) ?? onProgress(session, event, world)
    default:
      return onProgress(session, event, world)
  }
}

function onSale(before: Session, sale: OpenSale): Transition {
  const session = !before.act && isOfAnother(before, sale) ? withoutCustomer(before) : before
  const shownKopecks = phaseOf(session) === 'ready' ? session.sale?.purchaseKopecks : session.overKopecks
  const isOther = typeof shownKopecks === 'number' && shownKopecks !== sale.purchaseKopecks
  const next = {
    ...session,
    sale,
    unheard: null,
    cashier: sale.cashier ?? session.cashier,
    // Of an error that is read at the next receipt, it is known still whose receipt it was.
    receipt: session.act ? session.receipt : (sale.receipt ?? session.receipt),
    overKopecks: null,
    isAmountNew: isOther || session.isAmountNew,
  }
  return isRedeeming(next.act) ? endOffer(next, next.act, 'sale_changed') : cleared(next)
}

/** Of another receipt than the one at which the customer stands: they would be served for the purchase of whoever pays now. */
const isOfAnother = ({ customer, receipt }: Session, sale: OpenSale | null): boolean =>
  customer !== null && receipt !== null && typeof sale?.receipt === 'string' && sale.receipt !== receipt

/** Where the file cannot be read, or the folder is away, 1C has not said that the receipt is over. */
function onSaleGone(session: Session, { is1cHeard }: World): Transition {
  const { sale } = session
  if (sale?.source !== '1c')
    return stay(is1cHeard && session.unheard ? { ...session, unheard: null } : session)
  const overKopecks = session.customer && is1cHeard ? sale.purchaseKopecks : null
  const unheard = is1cHeard ? null : sale
  const next = { ...session, sale: null, unheard, isAmountNew: false, overKopecks }
  if (!isRedeeming(next.act)) return cleared(next)
  // 1C has ended its receipt with the discount in hand: its word is on the way.
  return next.act.stage === 'confirming' ? stay(next) : endOffer(next, next.act, 'cancelled')
}

const cleared = (session: Session): Transition => ({ session, effects: [{ type: 'clear_discount' }] })

function typeAmount(
  session: Session,
  { id, purchaseKopecks }: { id: number; purchaseKopecks: number },
): Transition {
  if (session.act) return { refused: 'busy' }
  if (session.sale?.source === '1c') return { refused: 'amount_is_of_1c' }
  if (!session.customer) return { refused: 'no_customer' }
  if (session.customer.status === 'frozen') return { refused: 'card_frozen' }
  const { cashier } = session
  const typed = {
    purchaseKopecks,
    source: 'typed',
    protocol: 1,
    ...(cashier !== null && { cashier }),
  } as const
  return stay({ ...session, sale: { id, receipt: null, key: null, ...unheardOf(session, typed), ...typed } })
}

/** What tells that a typed amount is the sale that 1C still shows when it is heard again. Its number is of who stood there then. */
function unheardOf({ unheard, receipt: stoodAt }: Session, { purchaseKopecks }: { purchaseKopecks: number }) {
  if (unheard?.purchaseKopecks !== purchaseKopecks) return null
  const { id, key, receipt } = unheard
  return { id, key, receipt: receipt === stoodAt ? receipt : null }
}

function search(session: Session, { id, code }: { id: number; code: string }, world: World): Transition {
  const foreign = foreignCode(code, world.settings.card_digits)
  if (foreign === 'product_code') return { refused: foreign }
  if (session.act?.type === 'processing') return { refused: 'busy' }
  // Whoever is there stays: what was scanned into the wrong window is no other customer.
  if (foreign && (session.customer || session.act)) return { refused: foreign }
  const search = { id, code, before: session.act ? null : session.customer }
  const from = isShownAgain(session, code)
    ? session
    : { ...afresh(session), voucher: waitingVoucher(session) }
  return {
    session: { ...from, search, latest: search },
    effects: [{ type: 'find', searchId: id, code }],
  }
}

/**
 * Who stands there shows their card once more, or their phone shows the next code of it: nothing on the screen is
 * thrown back. An error about the code is what the next code is shown for, so it is over.
 */
function isShownAgain({ customer, act }: Session, code: string): boolean {
  if (customer === null || claimedCard(code) !== customer.card) return false
  return act === null || (act.type === 'error' && act.code !== 'proof_refused' && isSignedCode(code))
}

/** Shown before the card: it is of whoever shows the card. */
const waitingVoucher = ({ voucher }: Session) => (voucher?.state === 'waiting' ? voucher : null)

/** The copy may answer before the cloud does; the cloud's word then takes the place of the copy's. */
function found(
  session: Session,
  { searchId, customer }: { searchId: number; customer: KnownCustomer },
  world: World,
): Session {
  if (session.latest?.id !== searchId) return session
  const merging = offerMerge(session, { before: session.latest.before, customer }, world)
  // A later answer about who stands there moves nobody to another receipt.
  const hasCome = session.search !== null || session.customer === null
  const next = {
    ...answered(session),
    merging,
    ...(hasCome && { receipt: session.sale?.receipt ?? null, overKopecks: null }),
  }
  const before = session.customer?.card === customer.card ? session.customer : null
  if (before && (!session.act || session.act.type === 'error')) {
    // A later answer about the same card is asked for by the number that goes on.
    const replaced = session.search ? customer.replaced : (customer.replaced ?? before.replaced)
    return { ...next, notFound: null, customer: joined(before, { ...customer, replaced }) }
  }
  return session.act ? next : { ...next, notFound: null, customer, isAmountNew: false }
}

const answered = (session: Session) => (session.search ? { ...session, search: null } : session)

/** The same customer once more: the newer code counts, and what the cloud has said more than the copy. */
function joined(before: KnownCustomer, customer: KnownCustomer): KnownCustomer {
  const isLess = before.source === 'cloud' && customer.source !== 'cloud'
  return { ...(isLess ? before : customer), code: customer.code ?? before.code, replaced: customer.replaced }
}

/** A newer code that is no good takes nothing from who is there; the screen says what is wrong with it. */
function notFound(
  session: Session,
  { searchId, reason, message }: { searchId: number; reason: NotFoundReason; message?: string },
): Session {
  if (session.latest?.id !== searchId) return session
  if (session.act) return answered(session)
  const isAboutCode = reason === 'code_altered' || reason === 'code_too_old'
  const customer = session.search && isAboutCode ? session.customer : null
  return {
    ...session,
    search: null,
    customer,
    notFound: { code: session.latest.code, reason, ...(message && { message }) },
  }
}

/** What is under way goes on, without the name; who only stands there is looked for again. */
function forget(before: Session, cards: 'all' | string[]): Session {
  const session = withoutOthers(before, cards)
  const { customer, act } = session
  if (!customer || (cards !== 'all' && !cards.includes(customer.card))) return session
  if (!act) return withoutCustomer(session)
  const nameless = { ...customer, firstName: null }
  return { ...session, customer: nameless, act: act.type === 'success' ? { ...act, firstName: null } : act }
}

/** Who stood there a moment ago is to be forgotten as well, and so is what would be asked about them. */
function withoutOthers(session: Session, cards: 'all' | string[]): Session {
  const { merging, latest } = session
  const isNamed = (card: string | undefined) =>
    card !== undefined && (cards === 'all' || cards.includes(card))
  const isOffered = merging?.state === 'offered'
  const isAboutThem = isOffered && (isNamed(merging.phone.card) || isNamed(merging.plastic.card))
  if (!isAboutThem && !isNamed(latest?.before?.card)) return session
  return {
    ...session,
    merging: isAboutThem ? null : merging,
    latest: latest && { ...latest, before: null },
  }
}

/** No customer stands at the till; a sale that 1C has open is still open. */
function afresh(session: Session): Session {
  const { turn, unheard, cashier, actSaleId, actVoucher, notOne } = session
  const sale = session.sale?.source === '1c' ? session.sale : null
  return { ...emptySession, turn, sale, unheard, cashier, actSaleId, actVoucher, notOne }
}

/** Nobody stands there; who is being looked for may be just now. */
function withoutCustomer(session: Session): Session {
  const { search, latest } = session
  return { ...afresh(session), ...(search && { search, latest }) }
}

/** A choice is for one customer and one amount: another begins with all again. */
function choose(session: Session, chosen: NonNullable<Session['chosen']>): Transition {
  const seen = whatIsSeen(session, chosen.purchaseKopecks)
  if ('refused' in seen) return seen
  const { purchaseKopecks, points } = chosen
  return stay({ ...session, chosen: { purchaseKopecks, points } })
}

interface Tap {
  id: string
  purchaseKopecks: number
  confirmDuplicate: boolean
}

function earn(session: Session, { id, purchaseKopecks, confirmDuplicate }: Tap, world: World): Transition {
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

function redeem(
  session: Session,
  tap: Tap & { points: number; withVoucher?: boolean },
  world: World,
): Transition {
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

/** The customer and the sale that the tap was meant for; an answered question may be tapped again. */
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

function refund(
  session: Session,
  {
    id,
    of,
    refundKopecks,
    voucher: returned = null,
  }: {
    id: string
    of: RefundedOperation
    refundKopecks: number | null
    voucher?: ReturnedVoucher | null
  },
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

function cancel(session: Session): Transition {
  const { act } = session
  if (act?.type === 'processing') {
    return act.kind === 'redeem' ? endOffer(session, act, 'cancelled') : { refused: 'busy' }
  }
  // An error is read, then tried again, unless that receipt is over; anything else is left.
  const isTriedAgain = act?.type === 'error' && !isOfAnother(session, session.sale)
  return stay(isTriedAgain ? { ...session, act: null } : afresh(session))
}
