import { type Discount, discountLimitPoints, paidKopecks, pointsOfShare } from '../money.ts'
import { DAY, type Instant, startOfUtcDay } from '../time.ts'
import type { Book } from './book.ts'
import type { Condition, Rule } from './rule.ts'

export interface Purchase {
  kopecks: number
  /** When it happened, by which its book and the life of its points are chosen. */
  at: Instant
  storeId: number | null
}

/** Points that a purchase earns by one rule, and on what terms: a refund takes them back by the same. */
export interface Award {
  /** Null: the cashback of the book's base. */
  ruleId: string | null
  points: number
  /** A share of the money paid; null where the award is a fixed number of points. */
  basisPoints: number | null
  /** The least money that must have been paid, and kept, for it. */
  minPaidKopecks: number
  capPoints: number | null
  activeFrom: Instant
  expiresAt: Instant
}

/** Why a rule gave nothing. */
type Skipped = 'nothing_paid' | 'below_min_purchase' | 'other_store'

/** What a purchase earns by a book, and why not more. */
export interface Quote {
  version: number
  discount: Discount
  paidKopecks: number
  awards: Award[]
  skipped: { ruleId: string; why: Skipped }[]
}

/** The only place where a purchase becomes points. */
export function quote(book: Book, purchase: Purchase, discount: Discount): Quote {
  const paid = paidKopecks(purchase.kopecks, discount)
  const awards: Award[] = []
  const skipped: Quote['skipped'] = []
  add(awardOf(baseRule(book), null, paid, purchase.at, book))
  for (const rule of book.rules) {
    const why = paid > 0 ? whyNot(rule, purchase, paid) : 'nothing_paid'
    if (why) skipped.push({ ruleId: rule.id, why })
    else add(awardOf(rule, rule.id, paid, purchase.at, book))
  }
  return { version: book.version, discount, paidKopecks: paid, awards, skipped }

  function add(award: Award) {
    if (award.points > 0) awards.push(award)
  }
}

export function earnedPoints({ awards }: { awards: readonly Pick<Award, 'points'>[] }): number {
  return awards.reduce((total, { points }) => total + points, 0)
}

/** The most points that a book lets come off a purchase; what the customer has is another matter. */
export function discountLimit({ base }: Book, { kopecks }: Pick<Purchase, 'kopecks'>): number {
  return discountLimitPoints(kopecks, base.max_discount_basis_points)
}

/** The most points that this customer can spend on a purchase, and why none. */
export function spendable(
  book: Book,
  purchase: Pick<Purchase, 'kopecks'>,
  { available, debt }: { available: number; debt: number },
): { maxPoints: number; why: 'in_debt' | 'no_points' | 'purchase_too_small' | null } {
  if (debt > 0) return { maxPoints: 0, why: 'in_debt' }
  if (available < 1) return { maxPoints: 0, why: 'no_points' }
  const maxPoints = Math.min(discountLimit(book, purchase), available)
  return { maxPoints, why: maxPoints < 1 ? 'purchase_too_small' : null }
}

/** Earned on UTC day D: spendable from D + activation, dead at 00:00 UTC of D + lifetime. */
export function lifeOf(
  earnedAt: Instant,
  { activationDays, lifetimeDays }: { activationDays: number; lifetimeDays: number },
): Pick<Award, 'activeFrom' | 'expiresAt'> {
  const day = startOfUtcDay(earnedAt)
  return { activeFrom: day + activationDays * DAY, expiresAt: day + lifetimeDays * DAY }
}

/** Points that the house gives or returns live as long as earned ones, and can be spent at once. */
export function lifeOfGift(at: Instant, { base }: Book): Pick<Award, 'activeFrom' | 'expiresAt'> {
  return lifeOf(at, { activationDays: 0, lifetimeDays: base.lifetime_days })
}

type Terms = Pick<Rule, 'when' | 'award' | 'lifetime_days' | 'activation_days' | 'cap_points'>

const baseRule = ({ base }: Book): Terms => ({
  when: [],
  award: { type: 'percent', basis_points: base.cashback_basis_points },
})

function awardOf(rule: Terms, ruleId: string | null, paid: number, at: Instant, { base }: Book): Award {
  const { award } = rule
  const capPoints = rule.cap_points ?? null
  const points = award.type === 'points' ? award.points : pointsOfShare(paid, award.basis_points)
  return {
    ruleId,
    points: capPoints === null ? points : Math.min(points, capPoints),
    basisPoints: award.type === 'percent' ? award.basis_points : null,
    minPaidKopecks: minPaidOf(rule.when),
    capPoints,
    ...lifeOf(at, {
      activationDays: rule.activation_days ?? base.activation_days,
      lifetimeDays: rule.lifetime_days ?? base.lifetime_days,
    }),
  }
}

const minPaidOf = (when: Condition[]) =>
  Math.max(0, ...when.map((condition) => (condition.type === 'min_purchase' ? condition.kopecks : 0)))

function whyNot({ when }: Rule, { storeId }: Purchase, paid: number): Skipped | null {
  for (const condition of when) {
    switch (condition.type) {
      case 'min_purchase':
        if (paid < condition.kopecks) return 'below_min_purchase'
        break
      case 'stores':
        if (storeId === null || !condition.ids.includes(storeId)) return 'other_store'
        break
    }
  }
  return null
}
