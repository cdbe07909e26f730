import type { RefusalCode } from '../../../shared/refusal.ts'
import type { ProofProblem } from '../../../shared/signedCode.ts'
import { DAY, type Instant, MINUTE, SECOND } from '../../../shared/time.ts'
import type { VoucherProblem } from '../../../shared/voucherCode.ts'
import { isStaff } from '../account.ts'
import type { MergeProblem } from '../merge.ts'
import { type Request, referenceOf } from '../request.ts'
import { alive, living, size } from './oracleLots.ts'
import { everyOf, nowOf, type Person, type Purchase, purchasesOf } from './oraclePeople.ts'
import {
  awardsOf,
  hasLapsed,
  hasUsed,
  isOpen,
  limitOf,
  moneyPaid,
  newPurchase,
  storeOf,
  wasGivenUp,
} from './oraclePurchases.ts'
import { whyNotFor } from './oracleVouchers.ts'
import { purchaseWith, type World } from './oracleWorld.ts'

export type Problem = ProofProblem | MergeProblem | VoucherProblem

/** Why a request is refused, in the order in which the specification asks. */
export function createRefusals(world: World) {
  const { answers, holdsOf, maxOpenHolds, returnsOf = 'store' } = world
  const { termsOf, otherOf, shownIn, offBy, given } = world

  function reasonOf(code: RefusalCode | null, request: Request, person: Person) {
    if (code === 'proof_refused') return whyNoProof(request, person)
    if (code === 'voucher_refused') return whyNoVoucher(request, person)
    return code === 'cannot_merge' ? whyTwo(request, person) : null
  }

  /** Why two people of whom a merge is asked stay two. */
  function whyTwo(request: Request, person: Person): MergeProblem | null {
    const other = otherOf(request)
    if (!other || other === person) return null
    if (person.isInTelegram && other.isInTelegram) return 'both_in_telegram'
    if (!person.isInTelegram && !other.isInTelegram && !isStaff(request.author)) return 'none_in_telegram'
    const leaving = other.isInTelegram ? person : other
    return purchasesOf(leaving).some(isOpen) ? 'open_hold' : null
  }

  function whyNot(
    request: Request,
    person: Person | undefined,
    purchase: Purchase | undefined,
    now: Instant,
  ): RefusalCode | null {
    const original = person && answers.get(referenceOf(request) ?? '')
    const owner = original?.answer.status === 'accepted' ? (purchase?.store ?? storeOf(original.request)) : 0
    const isTakenBack = request.kind === 'refund' && returnsOf === 'programme'
    if (owner && storeOf(request) && owner !== storeOf(request) && !isTakenBack) return 'not_your_operation'
    if ('card' in request && !person) return 'customer_not_found'
    if (request.kind === 'merge' && otherOf(request)?.programme !== person?.programme)
      return 'customer_not_found'

    if (request.kind === 'earn' || request.kind === 'redeem') {
      const { purchaseKopecks } = request
      if (purchaseKopecks < 1 || purchaseKopecks > termsOf(request, person).maxKopecks)
        return 'amount_out_of_range'
    }
    if (request.kind === 'refund' && (request.refundKopecks ?? 1) < 1) return 'amount_out_of_range'
    if (request.kind === 'adjust' || request.kind === 'bonus') {
      const size = request.kind === 'adjust' ? Math.abs(request.points) : request.points
      const most = carriesDebt(request) ? Number.POSITIVE_INFINITY : 10_000
      if (size < 1 || size > most) return 'amount_out_of_range'
    }

    const added = person ? newPoints(request, person) : 0
    if (person && added > 0 && living(person, now) + added > 1_000_000_000) return 'amount_out_of_range'

    const terms = termsOf(request, person)
    const oldest = request.kind === 'redeem' ? 90 * SECOND : terms.lifetimeDays * DAY
    if (request.at - now > 5 * MINUTE || now - request.at > oldest) return 'clock_out_of_range'

    if (whyNoProof(request, person)) return 'proof_refused'
    if ((request.kind === 'earn' || request.kind === 'redeem') && !request.confirmDuplicate) {
      for (const other of person ? purchasesOf(person) : []) {
        const isEqual = other.kind === request.kind && other.kopecks === request.purchaseKopecks
        const isNear = other.store === storeOf(request) && Math.abs(other.at - request.at) <= 10 * SECOND
        if (isEqual && isNear && !wasGivenUp(other, now)) return 'duplicate_transaction'
      }
    }
    switch (request.kind) {
      case 'apply':
      case 'release': {
        if (purchase?.kind !== 'redeem' || purchase.id !== request.redeemId) return 'original_not_found'
        if (request.kind === 'apply' && purchase.isReleasedByPerson && !purchase.isEarned) return null
        const isLapsed = hasLapsed(purchase, now)
        const mayBe = request.author.type === 'system' ? isLapsed : isOpen(purchase) && !isLapsed
        return mayBe ? null : 'already_resolved'
      }
      case 'refund': {
        if (!purchase?.isEarned) return 'original_not_found'
        const rest = moneyPaid(purchase) - purchase.refunded
        return (rest === 0 && purchase.refunds > 0) || (request.refundKopecks ?? rest) > rest
          ? 'over_refund'
          : null
      }
      case 'redeem':
        if (openHoldsOf(request, now) >= maxOpenHolds) return 'too_many_holds'
        if (person && whyNoVoucher(request, person)) return 'voucher_refused'
        if (
          request.points > mostPoints(request, limitOf(person, request.at, terms)) ||
          request.points * 100 > request.purchaseKopecks - offBy(request)
        )
          return 'over_discount_limit'
        if (request.points < (request.voucher === undefined ? 1 : 0)) return 'below_minimum'
        if (person && person.debt > 0 && request.points > 0) return 'in_debt'
        return person && request.points > alive(person, now) ? 'insufficient_points' : null
      case 'adjust':
        if (carriesDebt(request) || request.takesBack) return null
        return person && -request.points > alive(person, now) ? 'insufficient_points' : null
      case 'merge':
        return person && whyTwo(request, person) ? 'cannot_merge' : null
      default:
        return null
    }
  }

  function newPoints(request: Request, person: Person): number {
    if (request.kind === 'earn')
      return size(awardsOf(newPurchase(request, person, request.at), termsOf(request, person), given))
    const isGift = request.kind === 'bonus' || (request.kind === 'adjust' && !carriesDebt(request))
    return isGift ? request.points : 0
  }

  function openHoldsOf({ author }: Request, now: Instant): number {
    const own = author.type === 'register' ? [...(holdsOf.get(author.registerId) ?? [])] : []
    return own.filter((hold) => isOpen(hold) && !hasLapsed(hold, now)).length
  }

  function whyNoVoucher(request: Request, person: Person): VoucherProblem | null {
    if (request.kind !== 'redeem' || request.voucher === undefined) return null
    const voucher = shownIn(request)
    if (!voucher || voucher.programme !== person.programme) return 'unknown'
    const { terms, batch } = voucher
    if (voucher.isVoid) return 'void'
    if (voucher.owner && nowOf(voucher.owner) !== person) return 'other_customer'
    const used = voucher.usedBefore + [...voucher.purchases].filter(hasUsed).length
    const held = [...voucher.purchases].filter(isOpen).length
    if (used >= (terms.uses_per_code ?? 1)) return 'used'
    if (used + held >= (terms.uses_per_code ?? 1)) return 'in_use'
    const own = purchasesOf(person).filter(
      (one) => one.voucher?.batch === batch && (isOpen(one) || hasUsed(one)),
    )
    const before = everyOf(person).flatMap(({ past }) => past.vouchers.filter((one) => one === batch)).length
    if (own.length + before >= (terms.uses_per_customer ?? Number.POSITIVE_INFINITY))
      return 'used_by_customer'
    return whyNotFor(terms, purchaseWith(request))
  }

  function whyNoProof(request: Request, person: Person | undefined): ProofProblem | null {
    if (request.kind !== 'redeem' || request.code === undefined) return null
    const { shown } = request
    if (!shown) return 'altered'
    if (shown.card !== person?.card) return 'other_customer'
    if (request.at > shown.expiresAt + 3 * MINUTE) return 'too_old'
    for (const other of person ? purchasesOf(person) : [])
      if (other.code === shown.id && !['released', 'expired'].includes(other.state)) return 'used'
    return null
  }

  return { whyNot, reasonOf }
}

const carriesDebt = (request: Request) => request.kind === 'adjust' && request.carriesDebt === true

const mostPoints = ({ purchaseKopecks }: { purchaseKopecks: number }, basisPoints: number) =>
  Math.floor((purchaseKopecks * basisPoints) / 1_000_000)
