import type { Failure, KnownCustomer, Processing, Success } from '../../../shared/bridge.ts'
import { discountRubles, paidKopecks as paidKopecksOf } from '../../../shared/money.ts'
import type { HeardOutcome } from '../../../shared/operation.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import { earningOf } from './offer.ts'
import { type Effect, type Progress, type Session, stay, type Transition } from './state.ts'
import type { World } from './world.ts'

const EARN_PATIENCE_MS = 3 * SECOND
const REDEEM_PATIENCE_MS = 10 * SECOND
const CONFIRM_PATIENCE_MS = MINUTE

/** News of an operation matter to the screen while it shows that operation, and no other. */
export function onProgress(session: Session, event: Progress, world: World): Transition {
  const { act } = session
  if (!act || act.operationId !== event.id) return stay(session)
  if (act.type === 'success') {
    return stay(event.type === 'outcome' ? updateSuccess(session, event.id, event.outcome) : session)
  }
  // Given up a moment too late: 1C had it.
  if (event.type === 'taken') return stay(succeed(session, act, world))
  if (act.type === 'error') {
    const isBack = event.type === 'withdrawn' && act.fate === 'held'
    return stay(isBack ? { ...session, act: { ...act, code: event.code, fate: 'returned' } } : session)
  }
  return onProcessing(session, act, event, world)
}

function onProcessing(
  session: Session,
  act: Processing,
  event: Exclude<Progress, { type: 'taken' }>,
  world: World,
): Transition {
  const { operationId: id } = act
  switch (event.type) {
    case 'committed': {
      if (act.kind !== 'redeem' && !world.isOnline) return stay(succeed(session, act, world))
      const ms = act.kind === 'redeem' ? REDEEM_PATIENCE_MS : EARN_PATIENCE_MS
      return { session, effects: [{ type: 'be_patient', id, stage: 'asking', ms }] }
    }
    case 'commit_failed':
      return stay(fail(session, act, { code: event.code, fate: 'untouched' }))
    case 'outcome':
      return stay(onOutcome(session, act, event.outcome, world))
    case 'offered':
      return stay({ ...session, act: { ...act, stage: 'offered', deadlineAt: event.deadlineAt } })
    case 'confirming':
      return {
        session: { ...session, act: { ...act, stage: 'confirming', deadlineAt: null } },
        effects: [{ type: 'be_patient', id, stage: 'confirming', ms: CONFIRM_PATIENCE_MS }],
      }
    case 'withdrawn':
      return stay(fail(session, act, { code: event.code, fate: 'returned', details: event.details }))
    case 'folder_busy':
      return stay(fail(session, act, { code: 'folder_busy', fate: 'held' }))
    case 'not_written':
      return stay(fail(session, act, { code: 'not_written', fate: 'held' }))
    case 'patience_over':
      if (event.stage !== act.stage) return stay(session)
      if (act.kind !== 'redeem') return stay(succeed(session, act, world))
      if (act.stage === 'asking' && session.heldId === id) return endLate(session, act)
      return endOffer(session, act, 'cloud_away')
  }
}

export function isRedeeming(act: Session['act']): act is Processing {
  return act?.type === 'processing' && act.kind === 'redeem'
}

/** Ends the offer on the screen; the folder tells what became of its discount. */
export function endOffer(session: Session, act: Processing, code: Failure['code']): Transition {
  const effects: Effect[] = [{ type: 'withdraw', id: act.operationId, code }]
  switch (act.stage) {
    case 'asking':
      // The folder may be getting its discount just now, and a voucher that takes nothing off may be given already.
      if (session.heldId === act.operationId) return { session: withdrawing(session, act), effects }
      return { session: fail(session, act, { code, fate: 'returned' }), effects }
    case 'offered':
      return { session: withdrawing(session, act), effects }
    case 'confirming':
      return stay(fail(session, act, { code: 'not_confirmed', fate: 'held' }))
    case 'withdrawing':
      return stay(session)
  }
}

const withdrawing = (session: Session, act: Processing): Session => ({
  ...session,
  act: { ...act, stage: 'withdrawing', deadlineAt: null },
})

/** The ledger has answered, and the folder does not take the discount. */
function endLate(session: Session, act: Processing): Transition {
  const code = 'folder_busy'
  return {
    session: fail(session, act, { code, fate: 'held' }),
    effects: [{ type: 'withdraw', id: act.operationId, code }],
  }
}

function onOutcome(session: Session, act: Processing, outcome: HeardOutcome, world: World): Session {
  if (outcome.status === 'refused') {
    const { code, message, details } = outcome
    const known = withBalance(withoutWhatFailed(session, code), details.available)
    return fail(known, act, { code, message, fate: 'untouched', details })
  }
  // The points of a redemption are held, and 1C has not seen its discount yet.
  if (act.kind === 'redeem') return { ...session, act: withHeld(act, outcome), heldId: act.operationId }
  return updateSuccess(succeed(session, act, world), act.operationId, outcome)
}

/** The act with the money that the voucher takes off, as the ledger has said it. */
function withHeld(act: Processing, { hold }: Extract<HeardOutcome, { status: 'accepted' }>): Processing {
  const { voucher, points } = act
  const kopecks = hold?.voucherKopecks ?? 0
  if (!voucher || kopecks === voucher.kopecks) return act
  const rubles = discountRubles({ points, voucherKopecks: kopecks })
  return { ...act, voucher: { ...voucher, kopecks, discountRubles: rubles } }
}

/** A refusal tells what the customer really has. */
function withBalance(session: Session, available: unknown): Session {
  const { customer } = session
  return customer && typeof available === 'number'
    ? { ...session, customer: { ...customer, available } }
    : session
}

/** A code or voucher that was refused is not sent again by itself. */
function withoutWhatFailed(session: Session, code: string): Session {
  if (code === 'proof_refused') return withoutCode(session)
  return code === 'voucher_refused' ? { ...session, voucher: null } : session
}

/** A code that was refused is no proof the next time. */
function withoutCode(session: Session): Session {
  return { ...session, customer: session.customer && { ...session.customer, code: null } }
}

/** The sale is done; whatever 1C writes next is another one. */
function succeed(
  session: Session,
  { kind, operationId, purchaseKopecks, points, refundKopecks, voucher: used }: Doing,
  world: World,
): Session {
  const spent = kind === 'redeem' ? points : 0
  // Another sale may have come since.
  const items = session.sale?.id === session.actSaleId ? session.sale?.items : undefined
  const purchase = { purchaseKopecks, points: spent, items, voucher: session.actVoucher }
  const { paidKopecks: expected, earned, isSure } = earningOf(session.customer, world, purchase)
  const discount = used && { points: spent, voucherKopecks: used.kopecks }
  const paidKopecks = discount ? paidKopecksOf(purchaseKopecks, discount) : expected
  const act: Success = {
    type: 'success',
    kind,
    operationId,
    firstName: session.customer?.firstName ?? null,
    purchaseKopecks,
    paidKopecks,
    ...(refundKopecks !== undefined && { refundKopecks }),
    ...(used && { voucher: used }),
    spent,
    earned: kind === 'refund' ? 0 : earned,
    ...(!isSure && kind !== 'refund' && { isSure }),
    repaid: 0,
    debt: 0,
    available: null,
    isQueued: kind !== 'redeem',
  }
  const sale = session.sale?.id === session.actSaleId ? null : session.sale
  return { ...session, sale, isAmountNew: false, act }
}

type Doing = Pick<
  Processing,
  'kind' | 'operationId' | 'purchaseKopecks' | 'points' | 'refundKopecks' | 'voucher'
>

/** The ledger's own numbers take the place of the preview. */
export function updateSuccess(session: Session, id: string, outcome: HeardOutcome): Session {
  const { act } = session
  if (act?.type !== 'success' || act.operationId !== id || outcome.status !== 'accepted') return session
  const { earned, spent, customer } = outcome
  const { available, debt } = customer
  const told = { earned, spent, available, debt, repaid: repaidBy(session, customer), isQueued: false }
  const { isSure: _, ...shown } = act
  return { ...session, act: { ...shown, ...told } }
}

/** An earning pays a debt first; how much of one there was the cloud said when the customer was found. */
function repaidBy(
  { customer: before }: Session,
  { card, debt }: Pick<KnownCustomer, 'card' | 'debt'>,
): number {
  return before?.card === card ? Math.max(0, before.debt - debt) : 0
}

function fail(
  session: Session,
  { kind, operationId, purchaseKopecks, points, voucher }: Doing,
  {
    code,
    message,
    fate,
    details = {},
  }: Pick<Failure, 'code' | 'fate'> &
    Partial<Pick<Failure, 'message'>> & { details?: Failure['details'] | undefined },
): Session {
  const doing = { kind, operationId, purchaseKopecks, points, ...(voucher && { voucher }) }
  const act: Failure = { type: 'error', ...doing, code, fate, details, ...(message && { message }) }
  return { ...session, act }
}
