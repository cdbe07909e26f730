import type { VoucherShown } from '../../../shared/bridge.ts'
import type { HeardOutcome } from '../../../shared/operation.ts'
import { reading } from '../../../shared/reading.ts'
import { type JudgedTerms, voucherTermsSchema } from '../../../shared/rules/voucher.ts'
import { type Session, stay, type Transition, type VoucherEvent } from './state.ts'
import type { World } from './world.ts'

/** A code that was shown, and what the cloud says of it for the customer who stands there. */
export type ShownVoucher = { searchId: number; code: string } & (
  | { state: 'waiting' }
  | { state: 'asked' }
  | ({ state: 'good' } & VoucherTerms)
  | { state: 'bad'; reason: string; title: string | null }
)

/** The terms of a voucher by which a sale is judged. */
export interface VoucherTerms {
  terms: JudgedTerms
  /** The price of the goods that it gives, where the cashier has said it. */
  itemKopecks?: number | undefined
}

/** A voucher with which a sale can be judged. */
export interface JudgedVoucher extends VoucherTerms {
  code: string
}

const heardTerms = reading(voucherTermsSchema)

/** The voucher is of the customer who stands there, and the latest one counts. */
export function onVoucher(session: Session, event: VoucherEvent, world: World): Transition {
  const { voucher } = session
  const after = afterReturn(session, event)
  if (after) return stay(after)
  switch (event.type) {
    case 'show_voucher':
      return show(session, event, world)
    case 'voucher_found': {
      if (voucher?.searchId !== event.searchId) return stay(session)
      const { searchId, code } = voucher
      const terms = heardTerms.safeParse(event.terms).data
      // A newer cloud may have vouchers that this till cannot reckon with.
      const said: ShownVoucher = terms
        ? { searchId, code, state: 'good', terms }
        : { searchId, code, state: 'bad', reason: 'unreadable', title: null }
      return stay({ ...session, voucher: said })
    }
    case 'voucher_missed': {
      if (voucher?.searchId !== event.searchId) return stay(session)
      const { searchId, reason, title } = event
      return stay({ ...session, voucher: { searchId, code: voucher.code, state: 'bad', reason, title } })
    }
    case 'drop_voucher':
      return stay(voucher ? { ...session, voucher: null } : session)
    case 'price_voucher_item':
      return priceItem(session, event)
  }
}

/** A voucher that is shown before a card waits for it; beside a customer the cloud is asked about it. */
function show(
  session: Session,
  { searchId, code }: Extract<VoucherEvent, { type: 'show_voucher' }>,
  world: World,
): Transition {
  const { customer, act, voucher } = session
  if (act && act.type !== 'error') return { refused: 'busy' }
  if (customer?.status === 'frozen') return { refused: 'card_frozen' }
  // A scanner that reads the code twice must not throw away its answer.
  if (voucher?.code === code && voucher.state !== 'bad') return stay(session)
  const shown = { searchId, code, state: 'waiting' } as const
  return askForWaiting({ ...session, act: null, voucher: shown }, world)
}

/** Asks the cloud about a voucher that waited for its customer, who is there now. */
export function askForWaiting(session: Session, world: World): Transition {
  const { voucher, customer } = session
  if (voucher?.state !== 'waiting' || !customer) return stay(session)
  const { searchId, code } = voucher
  if (customer.status === 'frozen') return stay({ ...session, voucher: null })
  if (!world.isOnline || !world.operationFields.includes('voucher'))
    return stay({
      ...session,
      voucher: { searchId, code, state: 'bad', reason: 'cloud_away', title: null },
    })
  return {
    session: { ...session, voucher: { searchId, code, state: 'asked' } },
    effects: [{ type: 'find_voucher', searchId, code, card: customer.card }],
  }
}

/** After a return, asks the cloud whether the voucher of the purchase is good again. */
export function askForReturned(next: Transition, outcome: HeardOutcome): Transition {
  if ('refused' in next || outcome.status !== 'accepted') return next
  const { returned, act } = next.session
  if (!returned || act?.type !== 'success' || act.operationId !== outcome.id) return next
  if ('after' in returned)
    return { ...next, session: { ...next.session, act: { ...act, voucherAfter: returned.after } } }
  return {
    session: { ...next.session, act: { ...act, voucherAfter: 'asked' } },
    effects: [...next.effects, { type: 'find_voucher', ...returned }],
  }
}

function afterReturn(session: Session, event: VoucherEvent): Session | null {
  const { returned, act } = session
  if (event.type !== 'voucher_found' && event.type !== 'voucher_missed') return null
  if (!returned || 'after' in returned || returned.searchId !== event.searchId) return null
  if (act?.type !== 'success') return null
  const missed = event.type === 'voucher_missed' ? event.reason : null
  const voucherAfter = missed === null ? 'usable' : missed === 'cloud_away' ? 'unknown' : 'gone'
  return { ...session, act: { ...act, voucherAfter } }
}

function priceItem(
  session: Session,
  { purchaseKopecks, itemKopecks }: { purchaseKopecks: number; itemKopecks: number },
): Transition {
  const { voucher, sale, act } = session
  if (act && act.type !== 'error') return { refused: 'busy' }
  if (!sale) return { refused: 'no_amount' }
  if (sale.purchaseKopecks !== purchaseKopecks) return { refused: 'amount_changed' }
  if (voucher?.state !== 'good' || voucher.terms.gives.type !== 'product') return { refused: 'no_voucher' }
  if (itemKopecks > purchaseKopecks) return { refused: 'item_above_purchase' }
  return stay({ ...session, act: null, voucher: { ...voucher, itemKopecks } })
}

/** The voucher as the screen shows it. */
export function voucherShown({ voucher }: Pick<Session, 'voucher'>): VoucherShown | null {
  if (!voucher) return null
  const { code } = voucher
  switch (voucher.state) {
    case 'good':
      return { code, state: 'good', terms: voucher.terms }
    case 'bad':
      return { code, state: 'bad', reason: voucher.reason, title: voucher.title }
    default:
      return { code, state: voucher.state }
  }
}
