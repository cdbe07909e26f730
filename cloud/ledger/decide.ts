import { paidKopecks } from '../../shared/money.ts'
import type { Refused } from '../../shared/operation.ts'
import { leavesIdFree, type RefusalCode, refusalMessages } from '../../shared/refusal.ts'
import { earnedPoints, lifeOfGift } from '../../shared/rules/quote.ts'
import { type Instant, SECOND } from '../../shared/time.ts'
import {
  type Account,
  byClawbackOrder,
  type Executed,
  type Hold,
  type LotLife,
  type Posting,
  storeOf,
  sum,
} from './account.ts'
import { type Counted, returned, standing, undone } from './counts.ts'
import { mergeAccounts, sidesOf } from './merge.ts'
import { openMovements, returnedLife } from './movements.ts'
import { createEarning, itemsOf, quoteOf } from './purchase.ts'
import { type Refund, refundOf } from './refund.ts'
import { type Case, findRefusal, isProvedLater } from './refusals.ts'
import { contentOf, type Request, takenBack } from './request.ts'
import {
  awardsBeside,
  discountOf,
  voucherFreed,
  voucherHeld,
  voucherReturned,
  voucherUsed,
  voucherUsedLate,
} from './shownVoucher.ts'

export type Decision =
  | { status: 'posted'; posting: Posting; account: Account }
  | { status: 'refused'; refused: Refused; isFinal: false }
  | { status: 'refused'; refused: Refused; isFinal: true; execution: Execution }
  | { status: 'replayed'; executed: Executed }

/** An operation that is executed here and now; its outcome is still to be told. */
type Execution = Omit<Executed, 'outcome'>

/**
 * The whole of the ledger's judgement: what an operation does to an account, or why it does nothing.
 * Idempotency comes first, then the refusals in their order; after that the operation must succeed.
 */
export function decide(asked: Omit<Case, 'earningOf'>): Decision {
  const subject: Case = { ...asked, earningOf: createEarning(asked) }
  const { prior, request } = subject
  if (prior && prior.content === contentOf(request) && storeOf(prior.author) === storeOf(request.author)) {
    return { status: 'replayed', executed: prior }
  }
  const { account } = subject
  const refusal = findRefusal(subject)
  if (refusal) {
    const refused = refusedOf(request, refusal.code, refusal.details)
    if (!account || leavesIdFree(refusal.code)) return { status: 'refused', refused, isFinal: false }
    return {
      status: 'refused',
      refused,
      isFinal: true,
      execution: executionOf(account, request, subject.now),
    }
  }
  if (!account) throw new Error(`${request.kind} ${request.id} passed its checks without an account`)
  return { status: 'posted', posting: postingOf(account, subject), account: keptBy(subject, account) }
}

/** The account of the operation: of two that become one, the customer who stays. */
const keptBy = ({ request, other }: Case, account: Account): Account =>
  request.kind === 'merge' && other ? sidesOf(account, other).kept : account

export function refusedOf(
  { id, kind }: { id: string | null; kind: string | null },
  code: RefusalCode,
  details: Refused['details'],
): Refused {
  return { id, kind, status: 'refused', replay: false, code, message: refusalMessages[code], details }
}

type Particulars = Partial<
  Pick<
    Executed,
    'purchaseKopecks' | 'points' | 'referenceId' | 'refundKopecks' | 'receipt' | 'cashier' | 'typed'
  >
> &
  Partial<Pick<Executed, 'reason' | 'quote' | 'earned' | 'spent'>>

/** What an operation does beside moving points: the fields of its own row, and all else that changes with it. */
type Done = { row: Particulars } & Partial<
  Pick<Posting, 'hold' | 'counted' | 'items' | 'voucher' | 'discrepancy'>
>
type Movements = ReturnType<typeof openMovements>
/** A case that every check let through. */
type Passed = Case & { account: Account }

/** Executes an operation that every check let through. Nothing below this line may refuse. */
function postingOf(account: Account, subject: Case): Posting {
  const { request, now } = subject
  if (request.kind === 'merge') return mergePosting(account, subject)
  const movements = openMovements(account, now)
  const done = doneBy(request, { ...subject, account }, movements)
  const { row, hold = null, counted = null, items = null, voucher = null, discrepancy = null } = done
  return {
    operation: { ...executionOf(account, request, now), ...row },
    ...movements.close(),
    ...{ hold, counted, items, voucher, discrepancy, merged: null },
  }
}

function doneBy(request: Exclude<Request, { kind: 'merge' }>, subject: Passed, movements: Movements): Done {
  switch (request.kind) {
    case 'earn':
      return earn(request, subject, movements)
    case 'redeem':
      return redeem(request, subject, movements)
    case 'apply':
      return apply(request, subject, movements)
    case 'release':
      return release(request, subject, movements)
    case 'refund':
      return refund(request, subject, movements)
    case 'bonus':
    case 'adjust':
      return moveByHand(request, subject, movements)
    case 'expire':
      return { row: { points: movements.expiredPoints } }
  }
}

function earn(
  request: Request & { kind: 'earn' },
  { account, earningOf }: Passed,
  movements: Movements,
): Done {
  const { purchaseKopecks, receipt = null, cashier = null, typed = false } = request
  const earned = earningOf(account)
  for (const award of earned.awards) movements.award(award)
  return {
    row: { purchaseKopecks, receipt, cashier, typed, quote: earned, earned: earnedPoints(earned) },
    counted: standing(request, earned),
    items: itemsOf(request),
  }
}

function redeem(request: Request & { kind: 'redeem' }, subject: Passed, movements: Movements): Done {
  if (request.author.type !== 'register') throw new Error('only a register redeems')
  const { account, now, settings, book, spentOf } = subject
  const { purchaseKopecks, points, receipt = null, cashier = null } = request
  const discount = discountOf(request, subject)
  const hold: Hold = {
    id: request.id,
    storeId: request.author.storeId,
    registerId: request.author.registerId,
    state: request.via === 'agent' ? 'pending' : 'processing',
    ...discount,
    purchaseKopecks,
    until: now + settings.hold_seconds * SECOND,
    resolvedBy: null,
    codeId: request.shown?.id ?? null,
    voucherId: request.voucher === undefined ? null : existing(subject.voucher).voucher.id,
    voucherReturnedBy: null,
    parts: movements.take('hold', points, request.id),
  }
  const paid = paidKopecks(purchaseKopecks, discount)
  const beside = awardsBeside(subject, { at: request.at, paidKopecks: paid })
  const promised = quoteOf({ request, account, book, spentOf }, discount, beside)
  return {
    row: { purchaseKopecks, points, receipt, cashier, quote: promised },
    hold,
    counted: standing(request, promised),
    items: itemsOf(request),
    voucher: voucherHeld(hold),
  }
}

function apply(request: Request & { kind: 'apply' }, { account }: Passed, movements: Movements): Done {
  const hold = existing(account.holds.get(request.redeemId))
  const isLate = isProvedLater(account, hold)
  const retaken = isLate ? movements.take('spend', hold.points, hold.id) : null
  const shortfall = retaken ? hold.points - sum(retaken) : 0
  movements.owe('spend', shortfall, hold.id)
  // The awards that the till promised at the tap, whatever book is valid by now.
  const redemption = existing(account.operations.get(hold.id))
  const promised = existing(redemption.quote)
  for (const award of promised.awards) movements.award(award)
  return {
    row: {
      purchaseKopecks: hold.purchaseKopecks,
      referenceId: hold.id,
      quote: promised,
      earned: earnedPoints(promised),
      spent: hold.points,
    },
    hold: {
      ...hold,
      state: 'applied',
      resolvedBy: request.id,
      // The release had freed the code, and another redemption may have it by now.
      codeId: isLate ? null : hold.codeId,
      parts: retaken ?? hold.parts,
    },
    voucher: isLate ? voucherUsedLate(hold) : voucherUsed(hold),
    ...(isLate && {
      counted: standing(redemption, promised),
      discrepancy: { kind: 'late_apply', reference: hold.id, details: { points: hold.points, shortfall } },
    }),
  }
}

function release(request: Request & { kind: 'release' }, { account }: Passed, movements: Movements): Done {
  const hold = existing(account.holds.get(request.redeemId))
  const { parts } = movements.putBack('return', hold, hold.points)
  const state = request.author.type === 'system' ? 'expired' : 'released'
  const redemption = existing(account.operations.get(hold.id))
  return {
    row: { referenceId: hold.id, reason: request.reason, points: hold.points },
    hold: { ...hold, state, resolvedBy: request.id, parts },
    voucher: voucherFreed(hold),
    counted: undone(redemption, redemption.quote ?? { awards: [] }),
  }
}

function refund(request: Request & { kind: 'refund' }, subject: Passed, movements: Movements): Done {
  const { account, book, now } = subject
  const refund = existing(refundOf(account, request))
  const { originalId: referenceId, kopecks: refundKopecks } = refund
  // Spent points come home first, so that they are there when earned ones are taken back.
  const returned = refund.hold ? movements.putBack('giveback', refund.hold, refund.givebackPoints) : null
  // Points that a late apply spent as debt never had a lot.
  const lotless = refund.givebackPoints - (returned?.points ?? 0)
  movements.credit('giveback', later(lifeOfGift(request.at, book), returnedLife(now)), lotless)
  const inOrder = refund.clawbacks.toSorted((a, b) => byClawbackOrder(now)(a.award, b.award))
  const moved = inOrder.reduce(
    (total, { award, points }) => total + movements.takeBack('clawback', award, points),
    0,
  )
  const isWhole = refund.kopecks === refund.restKopecks
  const voucher = refund.hold && isWhole ? voucherReturned(refund.hold, subject) : null
  const hold = refund.hold &&
    returned && {
      ...refund.hold,
      parts: returned.parts,
      ...(voucher && { voucherReturnedBy: request.id }),
    }
  return {
    row: { referenceId, refundKopecks, earned: 0 - moved, spent: 0 - refund.givebackPoints },
    hold,
    voucher,
    counted: returnedOf(existing(account.operations.get(refund.originalId)), refund),
  }
}

function moveByHand(
  request: Request & { kind: 'bonus' | 'adjust' },
  { book }: Passed,
  movements: Movements,
): Done {
  const { kind, points, reason } = request
  const gift = takenBack(request)
  if (gift) {
    const moved = 0 - movements.takeBack('adjust', gift, -points)
    return { row: { points: moved, reason, earned: moved } }
  }
  if (points > 0) movements.credit(kind, lifeOfGift(request.at, book), points)
  // Only a debt that follows its person to a new card can find too few points here.
  else movements.owe('adjust', -points - sum(movements.take('adjust', -points)))
  return { row: { points, reason, earned: points } }
}

/** Where both cards are one customer's already, nothing moves, and the merge is accepted. */
function mergePosting(account: Account, { request, other, now }: Case): Posting {
  const { kept, given } = sidesOf(account, existing(other))
  const isOne = kept.customerId === given.customerId
  const { movements, merged, points } = isOne
    ? { movements: openMovements(kept, now), merged: null, points: 0 }
    : mergeAccounts(kept, given, now)
  return {
    operation: { ...executionOf(kept, request, now), points },
    ...movements.close(),
    ...{ hold: null, counted: null, items: null, voucher: null, discrepancy: null, merged },
  }
}

/** A purchase that was wholly returned is none any more. */
function returnedOf(purchase: Executed, { clawbacks, kopecks, restKopecks }: Refund): Counted {
  const gone = clawbacks.filter(({ isGone }) => isGone).map(({ award }) => award)
  const isWhole = kopecks === restKopecks
  return returned(purchase, purchase.quote?.counted, { gone, taken: clawbacks, isWhole })
}

const later = (a: LotLife, b: LotLife) => (a.expiresAt < b.expiresAt ? b : a)

/** The fields that every executed operation has, accepted or refused. */
function executionOf(account: Account, request: Request, now: Instant): Execution {
  return {
    programmeId: account.programmeId,
    customerId: account.customerId,
    id: request.id,
    kind: request.kind,
    author: request.author,
    at: request.at,
    recordedAt: now,
    purchaseKopecks: null,
    points: null,
    referenceId: null,
    refundKopecks: null,
    receipt: null,
    cashier: null,
    typed: false,
    reason: null,
    content: contentOf(request),
    quote: null,
    earned: 0,
    spent: 0,
  }
}

/** The checks found it; not finding it now is a bug. */
function existing<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the original vanished after its checks')
  return value
}
