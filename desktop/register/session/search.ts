import type { KnownCustomer } from '../../../shared/bridge.ts'
import { claimedCard, isSignedCode } from '../../../shared/signedCode.ts'
import { foreignCode } from './foreignCode.ts'
import { offerMerge } from './merging.ts'
import type { EventOf, Session, Transition } from './state.ts'
import { afresh } from './withoutCustomer.ts'
import type { World } from './world.ts'

export function search(session: Session, { id, code }: EventOf<'search'>, world: World): Transition {
  const foreign = foreignCode(code, world.settings.card_digits)
  if (foreign === 'product_code') return { refused: foreign }
  if (session.act?.type === 'processing') return { refused: 'busy' }
  // The customer stays: a code that was scanned into the wrong window is no other customer.
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
 * The customer at the till shows their card once more, or their phone shows its next code: the screen stays as it is. An
 * error about a code is over when the next code is shown.
 */
function isShownAgain({ customer, act }: Session, code: string): boolean {
  if (customer === null || claimedCard(code) !== customer.card) return false
  return act === null || (act.type === 'error' && act.code !== 'proof_refused' && isSignedCode(code))
}

/** A voucher that was shown before any card belongs to the customer whose card is shown next. */
const waitingVoucher = ({ voucher }: Session) => (voucher?.state === 'waiting' ? voucher : null)

/** The copy may answer before the cloud does; the cloud's word then takes the place of the copy's. */
export function found(session: Session, { searchId, customer }: EventOf<'found'>, world: World): Session {
  if (session.latest?.id !== searchId) return session
  const merging = offerMerge(session, { before: session.latest.before, customer }, world)
  // A later answer about a customer who stands there already leaves them at their receipt.
  const hasCome = session.search !== null || session.customer === null
  const next = {
    ...answered(session),
    merging,
    ...(hasCome && { receipt: session.sale?.receipt ?? null, overKopecks: null }),
  }
  const before = session.customer?.card === customer.card ? session.customer : null
  if (before && (!session.act || session.act.type === 'error')) {
    // A later answer is found by the card that is in use now, and does not say which card that one has replaced.
    const replaced = session.search ? customer.replaced : (customer.replaced ?? before.replaced)
    return { ...next, notFound: null, customer: joined(before, { ...customer, replaced }) }
  }
  return session.act ? next : { ...next, notFound: null, customer, isAmountNew: false }
}

/** The same customer once more: the newer code counts, and what the cloud has said more than the copy. */
function joined(before: KnownCustomer, customer: KnownCustomer): KnownCustomer {
  const isLess = before.source === 'cloud' && customer.source !== 'cloud'
  return { ...(isLess ? before : customer), code: customer.code ?? before.code, replaced: customer.replaced }
}

/** A newer code that is no good leaves the customer who is there; the screen says what is wrong with the code. */
export function notFound(session: Session, { searchId, reason, message }: EventOf<'not_found'>): Session {
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

const answered = (session: Session) => (session.search ? { ...session, search: null } : session)
