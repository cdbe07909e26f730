import { endOffer, isRedeeming } from './progress.ts'
import { type EventOf, type OpenSale, phaseOf, type Session, stay, type Transition } from './state.ts'
import { withoutCustomer } from './withoutCustomer.ts'
import type { World } from './world.ts'

export function onSale(before: Session, { sale }: EventOf<'sale'>): Transition {
  const session = !before.act && isOfAnother(before, sale) ? withoutCustomer(before) : before
  const shownKopecks = phaseOf(session) === 'ready' ? session.sale?.purchaseKopecks : session.overKopecks
  const isOther = typeof shownKopecks === 'number' && shownKopecks !== sale.purchaseKopecks
  const next = {
    ...session,
    sale,
    unheard: null,
    cashier: sale.cashier ?? session.cashier,
    // An error that is still read at the next receipt stays with the receipt it was about.
    receipt: session.act ? session.receipt : (sale.receipt ?? session.receipt),
    overKopecks: null,
    isAmountNew: isOther || session.isAmountNew,
  }
  return isRedeeming(next.act) ? endOffer(next, next.act, 'sale_changed') : cleared(next)
}

/** The sale is of another receipt than the one at which the customer stands: the points of the next customer's purchase would be theirs. */
export const isOfAnother = ({ customer, receipt }: Session, sale: OpenSale | null): boolean =>
  customer !== null && receipt !== null && typeof sale?.receipt === 'string' && sale.receipt !== receipt

/**
 * Where the file cannot be read, or the folder is away, 1C has not said that the receipt is over: it is remembered until 1C is heard
 * again, and says by its file that there is none.
 */
export function onSaleGone(session: Session, { is1cHeard }: World): Transition {
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

export function typeAmount(session: Session, { id, purchaseKopecks }: EventOf<'amount_typed'>): Transition {
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

/**
 * Marks a typed amount as the sale that 1C still shows when it can be read again; the receipt is kept only where the same
 * customer stands at it.
 */
function unheardOf({ unheard, receipt: stoodAt }: Session, { purchaseKopecks }: { purchaseKopecks: number }) {
  if (unheard?.purchaseKopecks !== purchaseKopecks) return null
  const { id, key, receipt } = unheard
  return { id, key, receipt: receipt === stoodAt ? receipt : null }
}
