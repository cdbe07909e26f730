import type { Award } from './award.ts'
import type { Book } from './book.ts'
import { type Budget, drawnFrom, fitting, limitsDays } from './budget.ts'
import type { Skipped, Subject } from './conditions.ts'
import type { Rule } from './rule.ts'

/** An award as it is given, perhaps with fewer points; or why nothing is given. */
export type Allowed = Award | Skipped

/**
 * How much a purchase is given of what it would earn: no more than its customer may have on its day, and no more than the
 * budgets of its rules have left. Each award that is granted leaves less for the awards after it.
 */
export function createAllowance(
  book: Book,
  { purchase, facts, local }: Pick<Subject, 'purchase' | 'facts' | 'local'>,
  hopes: boolean,
) {
  const { points_per_customer_day: mostPoints, purchases_per_customer_day: mostPurchases } = book.limits
  const isLimited = limitsDays(book.limits)
  let given = 0
  const drawn = new Map<string, number>()

  const budgetOf = (rule: Rule | null) =>
    rule?.budget === undefined ? undefined : book.budgets.find(({ id }) => id === rule.budget)

  function withinDay(award: Award): Allowed {
    if (!isLimited) return award
    const { today } = facts
    if (today === undefined) return hopes ? unsure(award) : 'not_known'
    if (mostPurchases?.hard !== undefined && today.purchases >= mostPurchases.hard)
      return 'too_many_purchases'
    const left = mostPoints === undefined ? award.points : Math.max(0, mostPoints - today.points - given)
    return cut(award, Math.min(award.points, left), 'day_limit')
  }

  function withinBudget(award: Award, budget: Budget): Allowed {
    const spent = facts.spent?.[budget.id]
    if (spent === undefined) return hopes ? unsure(award) : 'not_known'
    const left = budget.limit_points - spent - (drawn.get(budget.id) ?? 0)
    return cut(award, fitting(award.points, left, budget), 'budget_short')
  }

  /** How much is left in a budget that this version cannot read is not known. */
  function ofBudget(award: Award, rule: Rule | null): Allowed {
    if (rule?.budget === undefined) return award
    const budget = budgetOf(rule)
    if (!budget) return hopes ? unsure(award) : 'not_known'
    return withinBudget(award, budget)
  }

  return {
    ofBudget,

    grant(award: Award, rule: Rule | null): Allowed {
      const ofDay = withinDay(award)
      const granted = typeof ofDay === 'string' ? ofDay : ofBudget(ofDay, rule)
      if (typeof granted === 'string') return granted
      given += granted.points
      const budget = budgetOf(rule)
      if (!budget) return granted
      drawn.set(budget.id, (drawn.get(budget.id) ?? 0) + granted.points)
      const { day } = local()
      return { ...granted, drawnFrom: drawnFrom(budget, { day, storeId: purchase.storeId }) }
    },

    /** The day on which the purchase counts for its customer, and whether a person should look at it. */
    counted(): { day: string; isFlagged: boolean } | null {
      if (!isLimited) return null
      const number = (facts.today?.purchases ?? 0) + 1
      const above = (most: number | undefined) => most !== undefined && number > most
      return { day: local().day, isFlagged: above(mostPurchases?.soft) || above(mostPurchases?.hard) }
    },
  }
}

const unsure = (award: Award): Award => ({ ...award, isSure: false })

/** A share that is cut becomes one with a cap, so that a refund leaves what the kept money still deserves. */
function cut(award: Award, points: number, why: Exclude<Award['cutBy'], undefined>): Allowed {
  if (points >= award.points) return award
  if (points === 0) return why
  return { ...award, points, ...(award.basisPoints !== null && { capPoints: points }), cutBy: why }
}
