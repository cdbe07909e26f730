import {
  type Discount,
  discountLimitPoints,
  inProportion,
  noDiscount,
  paidKopecks,
  worthKopecks,
} from '../money.ts'
import type { Instant } from '../time.ts'
import { createAllowance } from './allowance.ts'
import { type Award, deserved, lifeOf } from './award.ts'
import type { Book } from './book.ts'
import { limitsDays } from './budget.ts'
import {
  leastPaidKopecks,
  matchingKopecks,
  type Purchase,
  type Skipped,
  type Subject,
  whyNot,
} from './conditions.ts'
import { type Facts, periodsOf } from './facts.ts'
import { localTimeOf } from './localTime.ts'
import { oncePer } from './oncePer.ts'
import type { Rule } from './rule.ts'
import { byPriority, type Candidate, outdone } from './stacking.ts'
import type { Status } from './status.ts'

export type { Award } from './award.ts'
export { lifeOf } from './award.ts'
export type { Purchase } from './conditions.ts'

/** The awards of a purchase by a book, and why there are no more. */
export interface Quote {
  version: number
  discount: Discount
  paidKopecks: number
  awards: Award[]
  /** Null: the cashback of the base. */
  skipped: { ruleId: string | null; why: Skipped }[]
  /** The facts that it was judged by; only for a book that asks about the customer. */
  facts?: Facts
  /** The day on which it counts for its customer, where the book limits days, and whether a person should look at it. */
  counted?: { day: string; isFlagged: boolean }
}

/**
 * The only place where a purchase becomes points. A fact that is not known speaks against a rule, unless the caller `hopes`, as
 * a till that looks ahead: then the award is given and marked as not sure. `beside`: the awards of a voucher.
 */
export function quote(
  book: Book,
  purchase: Purchase,
  discount: Discount,
  facts: Facts = {},
  { hopes = false, beside = [] }: { hopes?: boolean; beside?: readonly Award[] } = {},
): Quote {
  const paid = paidKopecks(purchase.kopecks, discount)
  const judged = { version: book.version, discount, paidKopecks: paid }
  const base = baseAward(book, { paid, at: purchase.at, facts, hopes })
  if (book.rules.length === 0 && !limitsDays(book.limits)) {
    const known = book.statuses.length > 0 ? { facts } : {}
    return { ...judged, awards: [...(base.points > 0 ? [base] : []), ...beside], skipped: [], ...known }
  }

  let local: ReturnType<Subject['local']> | undefined
  const subject: Subject = {
    ...{ purchase, facts, paidKopecks: paid },
    local: () => (local ??= localTimeOf(purchase.at, book.timeZone)),
  }
  const allowance = createAllowance(book, subject, hopes)
  const ofBase = base.points > 0 ? allowance.grant(base, null) : null
  const awards = ofBase === null || typeof ofBase === 'string' ? [] : [ofBase]
  const reasons = new Map<Rule, Skipped>()
  const candidates: Candidate[] = []
  const rules = inOrder(book.rules)
  for (const rule of rules) {
    const why = whyNot(rule, subject)
    const isSure = why === null
    const award =
      isSure || (hopes && why === 'not_known')
        ? awardOf(rule, subject, { base: book.base, cashback: base })
        : null
    if (award === null) reasons.set(rule, why ?? 'not_known')
    else if (award.points === 0) reasons.set(rule, 'too_little')
    else
      candidates.push({ rule, award: isSure && award.isSure !== false ? award : { ...award, isSure: false } })
  }
  // In its group a rule counts with what it could give now: one whose budget is empty keeps no other rule out.
  const rivals = candidates.flatMap(({ rule, award }): Candidate[] => {
    const possible = allowance.ofBudget(award, rule)
    if (typeof possible !== 'string') return [{ rule, award: possible }]
    reasons.set(rule, possible)
    return []
  })
  for (const [rule, why] of outdone(rivals)) reasons.set(rule, why)
  for (const { rule, award } of candidates) {
    if (reasons.has(rule)) continue
    const granted = allowance.grant(award, rule)
    if (typeof granted === 'string') reasons.set(rule, granted)
    else awards.push(granted)
  }
  const skipped = [
    ...(typeof ofBase === 'string' ? [{ ruleId: null, why: ofBase }] : []),
    ...rules.flatMap((rule) => {
      const why = reasons.get(rule)
      return why ? [{ ruleId: rule.id, why }] : []
    }),
  ]
  const counted = allowance.counted()
  return { ...judged, awards: [...awards, ...beside], skipped, facts, ...(counted && { counted }) }
}

const inOrder = oncePer((rules: readonly Rule[]) => rules.toSorted(byPriority))

export function earnedPoints({ awards }: { awards: readonly Pick<Award, 'points'>[] }): number {
  return awards.reduce((total, { points }) => total + points, 0)
}

/** The most points that a book lets a customer spend on a purchase, beside a voucher, whatever points they have. */
export function discountLimit(
  book: Book,
  { kopecks }: Pick<Purchase, 'kopecks'>,
  facts: Facts,
  { voucherKopecks }: Pick<Discount, 'voucherKopecks'> = noDiscount,
): number {
  const ofBook = discountLimitPoints(kopecks, maxDiscountBasisPoints(book, facts))
  return Math.min(ofBook, Math.floor((kopecks - voucherKopecks) / worthKopecks(1)))
}

export function maxDiscountBasisPoints(book: Book, facts: Facts): number {
  return statusOf(book, facts)?.max_discount_basis_points ?? book.base.max_discount_basis_points
}

const statusOf = ({ statuses }: Book, { status }: Facts): Status | undefined =>
  statuses.find(({ name }) => name === status)

/** Whether the programme takes a purchase of this amount at all. */
export const isInRange = ({ base }: Pick<Book, 'base'>, purchaseKopecks: number): boolean =>
  purchaseKopecks >= base.min_purchase_kopecks && purchaseKopecks <= base.max_purchase_kopecks

/** The most points that this customer can spend on a purchase, or why they can spend none. */
export function spendable(
  book: Book,
  purchase: Pick<Purchase, 'kopecks'>,
  facts: Facts,
  { available, debt }: { available: number; debt: number },
  beside: Pick<Discount, 'voucherKopecks'> = noDiscount,
): { maxPoints: number; why: 'in_debt' | 'no_points' | 'purchase_too_small' | null } {
  if (debt > 0) return { maxPoints: 0, why: 'in_debt' }
  if (available < 1) return { maxPoints: 0, why: 'no_points' }
  const maxPoints = Math.min(discountLimit(book, purchase, facts, beside), available)
  return { maxPoints, why: maxPoints < 1 ? 'purchase_too_small' : null }
}

/** Points that staff or a job give, or that come back, live as long as earned ones and can be spent at once. */
export function lifeOfGift(at: Instant, { base }: Book): Pick<Award, 'activeFrom' | 'expiresAt'> {
  return lifeOf(at, { activationDays: 0, lifetimeDays: base.lifetime_days })
}

/** The cashback of the base, or of the customer's status. Where that is not known, a caller that hopes gets the highest. */
function baseAward(
  book: Book,
  { paid, at, facts, hopes }: { paid: number; at: Instant; facts: Facts; hopes: boolean },
): Award {
  const { base, statuses } = book
  const isHoped = hopes && statuses.length > 0 && facts.status === undefined
  const status = statusOf(book, facts)
  const rates = isHoped ? statuses.map(({ cashback_basis_points }) => cashback_basis_points) : []
  const award: Award = {
    ruleId: null,
    ...(status && { statusName: status.name }),
    ...(isHoped && { isSure: false }),
    points: 0,
    basisPoints: Math.max(...rates, status?.cashback_basis_points ?? base.cashback_basis_points),
    minPaidKopecks: 0,
    capPoints: null,
    ...lifeOf(at, { activationDays: base.activation_days, lifetimeDays: base.lifetime_days }),
  }
  return { ...award, points: deserved(award, { paidKopecks: paid, keptKopecks: paid }) }
}

function awardOf(
  rule: Rule,
  subject: Subject,
  { base, cashback }: Pick<Book, 'base'> & { cashback: Award },
): Award {
  const { award } = rule
  const { purchase, paidKopecks: paid } = subject
  const capPoints = rule.cap_points ?? null
  const countedIn = periodsOf(rule.uses, () => subject.local().day).map(({ period }) => period)
  const fixed = award.type === 'points' ? award.points : 0
  const given: Award = {
    ruleId: rule.id,
    points: capPoints === null ? fixed : Math.min(fixed, capPoints),
    basisPoints: award.type === 'points' ? null : shareOf(award, cashback.basisPoints ?? 0),
    ...(award.type === 'multiply' && cashback.isSure === false && { isSure: false }),
    ...(award.type === 'multiply' && { timesBasisPoints: award.times_basis_points }),
    ...(award.type === 'percent' &&
      award.of === 'matching_items' && {
        ofKopecks: inProportion(matchingKopecks(rule, purchase), { of: purchase.kopecks, to: paid }),
      }),
    minPaidKopecks: leastPaidKopecks(rule, subject),
    capPoints,
    ...lifeOf(purchase.at, {
      activationDays: rule.activation_days ?? base.activation_days,
      lifetimeDays: rule.lifetime_days ?? base.lifetime_days,
    }),
    ...(countedIn.length > 0 && { countedIn }),
  }
  return { ...given, points: deserved(given, { paidKopecks: paid, keptKopecks: paid }) }
}

const shareOf = (award: Extract<Rule['award'], { type: 'percent' | 'multiply' }>, cashback: number) =>
  award.type === 'percent' ? award.basis_points : cashback
