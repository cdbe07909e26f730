import type { Settings } from '../../shared/programme.ts'
import { type RefusalCode, refusalCodes } from '../../shared/refusal.ts'
import type { Book } from '../../shared/rules/book.ts'
import type { DrawnFrom } from '../../shared/rules/budget.ts'
import { discountLimit, earnedPoints, isInRange, type Quote } from '../../shared/rules/quote.ts'
import { isGoodForRedemption, type ProofProblem } from '../../shared/signedCode.ts'
import { DAY, type Instant, MINUTE, SECOND, toIso } from '../../shared/time.ts'
import {
  type Account,
  actsIn,
  availablePoints,
  type Executed,
  type Hold,
  isStaff,
  livePoints,
  storeOf,
} from './account.ts'
import type { HoldQuota } from './holdQuotas.ts'
import { mergeProblem } from './merge.ts'
import { factsFor } from './purchase.ts'
import { canonicalOriginalId, refundOf } from './refund.ts'
import { carriesDebt, contentOf, isApproved, type Request, referenceOf, takenBack } from './request.ts'
import { discountOf, voucherProblem } from './shownVoucher.ts'
import type { VoucherStanding } from './vouchers.ts'

export interface Case {
  request: Request
  /** Null when nothing names a customer that exists. */
  account: Account | null
  /** The account of the other card of a merge. */
  other: Account | null
  /** The executed operation that has this id already. */
  prior: Executed | null
  /** The open holds of the register that redeems, and their limit; null where holds are not counted. */
  quota: HoldQuota | null
  now: Instant
  settings: Settings
  /** Since when the programme is frozen; null: it is not. */
  frozenAt: Instant | null
  /** The rule book that was valid when the operation happened. */
  book: Book
  /** The points that a budget of the customer's programme has given. */
  spentOf: (from: DrawnFrom) => number
  /** The voucher that is shown, or that its hold has; null where there is none. */
  voucher: VoucherStanding | null
  /** What this purchase earns this customer. */
  earningOf: (account: Account) => Quote
}

type Details = Record<string, unknown>

/** How far the clock of a till may be ahead. */
export const CLOCK_AHEAD_MS = 5 * MINUTE
/** The most points that one person moves by hand at a time. */
export const ADJUST_LIMIT_POINTS = 10_000
/** The most points at a time that others have approved. */
export const APPROVED_LIMIT_POINTS = 1_000_000
const REDEEM_MINIMUM_POINTS = 1
/**
 * A billion rubles on one card: a thousand of the largest purchases, which is a mistake or a theft. It is far below
 * what the columns and the numbers of JavaScript hold, so that what is never refused always fits.
 */
const MOST_POINTS = 1_000_000_000

/** The first reason, in the order of the list, why the case cannot be executed. */
export function findRefusal(subject: Case): { code: RefusalCode; details: Details } | null {
  for (const code of refusalCodes) {
    const details = checks[code](subject)
    if (details) return { code, details }
  }
  return null
}

/** One check a refusal; each looks only at its own concern and may rely on those before it in the list. */
const checks: Record<RefusalCode, (subject: Case) => Details | null> = {
  // The door has parsed the operation by its schema: what reaches the ledger is well-formed.
  malformed: () => null,

  // An author of another programme learns of an id only that it is taken.
  id_reused: ({ prior, request }) =>
    prior && (prior.content !== contentOf(request) || !actsIn(request.author, prior.programmeId))
      ? { id: request.id }
      : null,

  // Goods of another store come back only where the programme says so; its redemptions are its own in any case.
  not_your_operation: ({ request, account, prior, settings }) => {
    if (prior) return storeOf(prior.author) === storeOf(request.author) ? null : { id: request.id }
    const asking = storeOf(request.author)
    if (request.kind === 'refund' && settings.returns_of === 'programme') return null
    const owning = owningStore(request, account)
    return asking === null || owning === null || owning === asking ? null : { id: request.id }
  },

  customer_not_found: ({ request, account, other }) => {
    if (!('card' in request)) return null
    // Staff act in every programme, but a customer is of one: cards of two programmes cannot be merged.
    if (request.kind === 'merge' && account && account.status !== 'erased') {
      const isThere = other && other.status !== 'erased' && other.programmeId === account.programmeId
      return isThere ? null : { card: request.otherCard }
    }
    const gone = account?.status === 'erased' && request.kind !== 'expire' && !carriesDebt(request)
    return !account || gone ? { card: request.card } : null
  },

  // An event that a freeze cannot undo (a discount taken, goods returned) is still recorded.
  customer_frozen: ({ request, account, other, frozenAt }) => {
    if (request.kind !== 'earn' && request.kind !== 'redeem' && request.kind !== 'merge') return null
    if (isFrozenFor(request, frozenAt)) return { card: request.card, isProgrammeFrozen: true }
    const frozen = [account, other].find((one) => one?.status === 'frozen')
    return frozen ? { card: frozen.card } : null
  },

  amount_out_of_range: (subject) => {
    const { request, account, book, earningOf } = subject
    switch (request.kind) {
      case 'earn':
      case 'redeem': {
        const { min_purchase_kopecks: minKopecks, max_purchase_kopecks: maxKopecks } = book.base
        if (!isInRange(book, request.purchaseKopecks))
          return { purchaseKopecks: request.purchaseKopecks, minKopecks, maxKopecks }
        if (request.kind === 'redeem') return null
        return account && aboveMost(subject, earnedPoints(earningOf(account)))
      }
      case 'refund': {
        const kopecks = request.refundKopecks
        return kopecks !== undefined && kopecks < 1 ? { refundKopecks: kopecks, minKopecks: 1 } : null
      }
      case 'bonus':
      case 'adjust': {
        const size = request.kind === 'bonus' ? request.points : Math.abs(request.points)
        const isCarried = carriesDebt(request)
        const maxPoints = isApproved(request) ? APPROVED_LIMIT_POINTS : ADJUST_LIMIT_POINTS
        const inRange = size >= 1 && (size <= maxPoints || isCarried)
        if (!inRange) return { points: request.points, maxPoints }
        return isCarried ? null : aboveMost(subject, request.points)
      }
      default:
        return null
    }
  },

  clock_out_of_range: ({ request, settings, book, now }) => {
    const age = now - request.at
    const oldest = request.kind === 'redeem' ? settings.hold_seconds * SECOND : book.base.lifetime_days * DAY
    return age < -CLOCK_AHEAD_MS || age > oldest ? { at: toIso(request.at), serverTime: toIso(now) } : null
  },

  proof_refused: ({ request, account, settings }) => {
    if (request.kind !== 'redeem' || !account) return null
    const reason = proofProblem(request, account, settings)
    return reason && { reason }
  },

  duplicate_transaction: ({ request, account, settings, now }) => {
    if (request.kind !== 'earn' && request.kind !== 'redeem') return null
    if (!account || request.confirmDuplicate) return null
    let first: Executed | null = null
    for (const other of account.operations.values()) {
      if (!isEqualPurchase(request, other, settings) || wasGivenUp(account.holds.get(other.id), now)) continue
      // The earliest, so that the answer does not depend on what else was loaded with it.
      if (!first || other.at < first.at || (other.at === first.at && other.id < first.id)) first = other
    }
    return first && { duplicateOf: first.id, at: toIso(first.at) }
  },

  original_not_found: ({ request, account }) => {
    switch (request.kind) {
      case 'apply':
      case 'release':
        return account?.holds.has(request.redeemId) ? null : { redeemId: request.redeemId }
      case 'refund': {
        if (account && refundOf(account, request)) return null
        const state = account?.holds.get(request.originalId)?.state
        return { originalId: request.originalId, ...(state && { state }) }
      }
      default:
        return null
    }
  },

  already_resolved: ({ request, account, now }) => {
    if (request.kind !== 'apply' && request.kind !== 'release') return null
    const hold = account?.holds.get(request.redeemId)
    if (!account || !hold) return null
    if (request.kind === 'apply' && isProvedLater(account, hold)) return null
    const lapsed = isLapsed(hold, now)
    const mayResolve = request.author.type === 'system' ? lapsed : hold.resolvedBy === null && !lapsed
    return mayResolve ? null : { resolution: lapsed ? 'expired' : hold.state, resolvedBy: hold.resolvedBy }
  },

  over_refund: ({ request, account }) => {
    if (request.kind !== 'refund' || !account) return null
    const refund = refundOf(account, request)
    if (!refund || (refund.kopecks <= refund.restKopecks && !refund.nothingLeft)) return null
    const { paidKopecks, restKopecks } = refund
    return { paidKopecks, refundedKopecks: paidKopecks - restKopecks, requestedKopecks: refund.kopecks }
  },

  // Before all that tells of the customer: a stolen key learns nothing more.
  too_many_holds: ({ request, quota }) =>
    request.kind === 'redeem' && quota && quota.open >= quota.limit ? { ...quota } : null,

  voucher_refused: (subject) =>
    subject.request.kind === 'redeem' ? voucherProblem(subject.request, subject) : null,

  over_discount_limit: ({ request, account, book, spentOf, voucher }) => {
    if (request.kind !== 'redeem' || !account) return null
    const facts = factsFor({ request, account, book, spentOf })
    const discount = discountOf(request, { voucher })
    const limit = discountLimit(book, { kopecks: request.purchaseKopecks }, facts, discount)
    return request.points > limit ? { limit, requested: request.points } : null
  },

  below_minimum: ({ request }) => {
    if (request.kind !== 'redeem') return null
    const minimum = request.voucher === undefined ? REDEEM_MINIMUM_POINTS : 0
    return request.points < minimum ? { minimum, requested: request.points } : null
  },

  in_debt: ({ request, account }) =>
    request.kind === 'redeem' && request.points > 0 && account && account.debt > 0
      ? { debt: account.debt }
      : null,

  insufficient_points: ({ request, account, now }) => {
    if (carriesDebt(request) || takenBack(request)) return null
    const wanted =
      request.kind === 'redeem' ? request.points : request.kind === 'adjust' ? -request.points : 0
    const available = account ? availablePoints(account, now) : 0
    return wanted > available ? { available, requested: wanted } : null
  },

  cannot_merge: ({ request, account, other }) =>
    request.kind === 'merge' && account && other ? mergeProblem(request, account, other) : null,
}

/** A till that was offline reports later what it sold before the freeze; a redemption spends points now, whenever it began. */
const isFrozenFor = ({ kind, at }: Request, frozenAt: Instant | null): boolean =>
  frozenAt !== null && (kind === 'redeem' || (kind === 'earn' && at >= frozenAt))

/** Points that came back or were earned by what already happened may pass the ceiling; new ones may not. */
function aboveMost({ account, now }: Case, added: number): Details | null {
  const balance = account ? livePoints(account, now) : 0
  return added > 0 && balance + added > MOST_POINTS ? { balance, maxBalance: MOST_POINTS } : null
}

/** The store of the operation that this one settles or refunds; of a redemption the store of its hold. */
function owningStore(request: Request, account: Account | null): number | null {
  const original = account?.operations.get(referenceOf(request) ?? '')
  if (!original) return null
  return account?.holds.get(canonicalOriginalId(original))?.storeId ?? storeOf(original.author)
}

/** A code that was shown is judged, whether or not the programme asks for one. */
function proofProblem(
  { id, at, code, shown }: Request & { kind: 'redeem' },
  account: Account,
  settings: Settings,
): ProofProblem | null {
  if (code === undefined) return settings.redeem_proof === 'signed_code' ? 'missing' : null
  if (!shown) return 'altered'
  if (shown.card !== account.card) return 'other_customer'
  if (!isGoodForRedemption(shown, at)) return 'too_old'
  const holds = [...account.holds.values()]
  return holds.some((hold) => hold.id !== id && hold.codeId === shown.id && keepsCode(hold)) ? 'used' : null
}

/** A hold that was released frees its code; a lapsed one does so when the sweep has come by, as in the table. */
const keepsCode = ({ state }: Hold) => state !== 'released' && state !== 'expired'

/** Compared by the time it happened, not by arrival, so that a drained outbox is never refused for it. */
function isEqualPurchase(
  request: Request & { kind: 'earn' | 'redeem' },
  other: Executed,
  settings: Settings,
) {
  return (
    other.kind === request.kind &&
    other.purchaseKopecks === request.purchaseKopecks &&
    other.author.type === 'register' &&
    request.author.type === 'register' &&
    other.author.storeId === request.author.storeId &&
    Math.abs(other.at - request.at) <= settings.duplicate_window_seconds * SECOND
  )
}

/** A redemption whose points went back is no purchase to be a duplicate of. */
const wasGivenUp = (hold: Hold | undefined, now: Instant) =>
  hold !== undefined && (hold.state === 'released' || hold.state === 'expired' || isLapsed(hold, now))

/** A pending hold that was not claimed in time counts as expired, whether or not the sweep has come by. */
export function isLapsed(hold: Hold, now: Instant): boolean {
  return hold.state === 'pending' && hold.until <= now
}

/** A person released the hold, and now the register proves that 1C had taken the discount. */
export function isProvedLater(account: Account, hold: Hold): boolean {
  if (hold.state !== 'released' || hold.resolvedBy === null) return false
  const resolvedBy = account.operations.get(hold.resolvedBy)
  return resolvedBy !== undefined && isStaff(resolvedBy.author)
}
