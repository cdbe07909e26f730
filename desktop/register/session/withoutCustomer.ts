import { type EventOf, emptySession, type Session } from './state.ts'

/** No customer stands at the till; a sale that 1C has open is still open. */
export function afresh(session: Session): Session {
  const { turn, unheard, cashier, actSaleId, actVoucher, notOne } = session
  const sale = session.sale?.source === '1c' ? session.sale : null
  return { ...emptySession, turn, sale, unheard, cashier, actSaleId, actVoucher, notOne }
}

/** As `afresh`, but a search that is under way goes on: the next customer may be the one it is for. */
export function withoutCustomer(session: Session): Session {
  const { search, latest } = session
  return { ...afresh(session), ...(search && { search, latest }) }
}

/** An operation that is under way goes on without the name; a customer who merely stands there has to be found again. */
export function forget(before: Session, { cards }: EventOf<'forget'>): Session {
  const session = withoutOthers(before, cards)
  const { customer, act } = session
  if (!customer || (cards !== 'all' && !cards.includes(customer.card))) return session
  if (!act) return withoutCustomer(session)
  const nameless = { ...customer, firstName: null }
  return { ...session, customer: nameless, act: act.type === 'success' ? { ...act, firstName: null } : act }
}

/** Forgets the customer who stood there before as well, and the question whether the two are one person. */
function withoutOthers(session: Session, cards: EventOf<'forget'>['cards']): Session {
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
