import type { Item } from '../items.ts'
import { inProportion } from '../money.ts'
import type { Instant } from '../time.ts'
import { EVERYBODY, type Facts, periodsOf } from './facts.ts'
import { type LocalTime, weekdayBefore } from './localTime.ts'
import type { Condition, Rule } from './rule.ts'
import { whyNotNow } from './validity.ts'

export interface Purchase {
  kopecks: number
  /** When it happened, by which its book and the life of its points are chosen. */
  at: Instant
  storeId: number | null
  /** What was bought, where 1C says it. */
  items?: readonly Item[] | undefined
}

/** Why a rule gave nothing. */
export type Skipped =
  | 'nothing_paid'
  | 'not_begun'
  | 'over'
  | 'below_min_purchase'
  | 'other_store'
  | 'other_hours'
  | 'other_status'
  | 'other_segment'
  /** The customer is of those whom the rule's effect is held against. */
  | 'held_out'
  | 'other_purchase'
  | 'not_first_of_day'
  | 'no_purchase_before'
  | 'too_soon'
  | 'too_late'
  | 'registered_before'
  | 'no_items'
  | 'other_items'
  | 'used_up'
  | 'too_little'
  | 'not_best'
  | 'excluded'
  /** Its budget has nothing left, or too little. */
  | 'budget_short'
  /** The customer has earned as many points on that day as they may. */
  | 'day_limit'
  /** The customer has bought as often on that day as earns anything. */
  | 'too_many_purchases'
  /** The condition asks for what the judge does not know. */
  | 'not_known'

/** What a rule is asked about: a purchase, what is paid of it in money, and who buys. */
export interface Subject {
  purchase: Purchase
  paidKopecks: number
  facts: Facts
  /** Read once, and only where a rule asks for the time. */
  local: () => LocalTime
}

/** The first reason why a rule gives nothing; what is not known is said only where nothing else speaks against it. */
export function whyNot(rule: Rule, subject: Subject): Skipped | null {
  if (subject.paidKopecks <= 0) return 'nothing_paid'
  let notKnown = false
  for (const why of reasons(rule, subject)) {
    if (why !== null && why !== 'not_known') return why
    notKnown ||= why === 'not_known'
  }
  return notKnown ? 'not_known' : null
}

function* reasons(rule: Rule, subject: Subject): Iterable<Skipped | null> {
  yield whyNotNow(rule, subject.local)
  for (const condition of rule.when) yield whyNotBy(condition, subject)
  if (rule.audience !== undefined) yield whyNotIn({ in: [rule.audience] }, subject.facts)
  if (rule.holdout_percent !== undefined) yield whyNotOf(rule, subject.facts)
  yield whyNotAgain(rule, subject)
}

function whyNotBy(condition: Condition, { purchase, paidKopecks, facts, local }: Subject): Skipped | null {
  switch (condition.type) {
    case 'min_purchase':
      return paidKopecks < condition.kopecks ? 'below_min_purchase' : null
    case 'stores':
      return purchase.storeId !== null && condition.ids.includes(purchase.storeId) ? null : 'other_store'
    case 'hours':
      return isWithin(condition, local()) ? null : 'other_hours'
    case 'status':
      if (facts.status === undefined) return 'not_known'
      return facts.status !== null && condition.names.includes(facts.status) ? null : 'other_status'
    case 'segment':
      return whyNotIn(condition, facts)
    case 'purchase_number': {
      if (facts.purchases === undefined) return 'not_known'
      const number = facts.purchases + 1
      const isIt = condition.every === undefined ? number === condition.is : number % condition.every === 0
      return isIt ? null : 'other_purchase'
    }
    case 'first_of_day':
      if (facts.daysSinceLast === undefined) return 'not_known'
      return facts.daysSinceLast === 0 ? 'not_first_of_day' : null
    case 'days_since_last': {
      const { daysSinceLast } = facts
      if (daysSinceLast === undefined) return 'not_known'
      if (daysSinceLast === null) return 'no_purchase_before'
      if (condition.min !== undefined && daysSinceLast < condition.min) return 'too_soon'
      return condition.max !== undefined && daysSinceLast > condition.max ? 'too_late' : null
    }
    case 'registered_within':
      if (facts.daysSinceRegistered === undefined) return 'not_known'
      return facts.daysSinceRegistered > condition.days ? 'registered_before' : null
    case 'items': {
      if (purchase.items === undefined) return 'no_items'
      const matching = purchase.items.filter((item) => isOf(condition, item))
      const total = (of: 'kopecks' | 'quantity') => matching.reduce((sum, item) => sum + item[of], 0)
      const isEnough =
        matching.length > 0 &&
        total('kopecks') >= (condition.min_kopecks ?? 0) &&
        total('quantity') >= (condition.min_quantity ?? 0)
      return isEnough ? null : 'other_items'
    }
  }
}

/** Every customer is in `all` and none outside of it, whatever is known of their segments. */
function whyNotIn(
  { in: some, not_in: none }: Pick<Extract<Condition, { type: 'segment' }>, 'in' | 'not_in'>,
  { segments }: Facts,
): Skipped | null {
  const isIn = (names: readonly string[]) =>
    names.includes(EVERYBODY) || (segments && names.some((name) => segments.includes(name)))
  const [isWanted, isUnwanted] = [some ? isIn(some) : true, none ? isIn(none) : false]
  if (isWanted === false || isUnwanted) return 'other_segment'
  return isWanted === undefined || isUnwanted === undefined ? 'not_known' : null
}

function whyNotOf({ id }: Rule, { heldOut }: Facts): Skipped | null {
  if (heldOut === undefined) return 'not_known'
  return heldOut.includes(id) ? 'held_out' : null
}

/** Hours that end before they begin go on past midnight, and are of the day on which they began. */
function isWithin(
  { days, from, to }: Extract<Condition, { type: 'hours' }>,
  { time, weekday }: LocalTime,
): boolean {
  const isOn = (day: number) => days === undefined || days.includes(day)
  if (from < to) return isOn(weekday) && time >= from && time < to
  return (time >= from && isOn(weekday)) || (time < to && isOn(weekdayBefore(weekday)))
}

function isOf({ skus, categories }: Extract<Condition, { type: 'items' }>, { sku, category }: Item): boolean {
  if (skus !== undefined && !skus.includes(sku)) return false
  return categories === undefined || (category !== undefined && categories.includes(category))
}

const onItems = ({ when }: Pick<Rule, 'when'>) => when.filter((condition) => condition.type === 'items')

/** What the goods cost that a rule is about: those that any of its conditions on items names. */
export function matchingKopecks(rule: Pick<Rule, 'when'>, { items = [] }: Purchase): number {
  const conditions = onItems(rule)
  return items
    .filter((item) => conditions.some((condition) => isOf(condition, item)))
    .reduce((total, { kopecks }) => total + kopecks, 0)
}

/**
 * The least money that must be paid, and kept, for what a rule gives. Nobody says which goods were returned: those that
 * a rule is about are taken to be returned in proportion.
 */
export function leastPaidKopecks(
  rule: Pick<Rule, 'when'>,
  { purchase, paidKopecks }: Pick<Subject, 'purchase' | 'paidKopecks'>,
): number {
  const ofMoney = rule.when.map((condition) => (condition.type === 'min_purchase' ? condition.kopecks : 0))
  const ofItems = onItems(rule).map((condition) => {
    const of = matchingKopecks({ when: [condition] }, purchase)
    return -inProportion(-(condition.min_kopecks ?? 0), { of, to: paidKopecks })
  })
  return Math.max(0, ...ofMoney, ...ofItems)
}

function whyNotAgain(rule: Rule, { facts, local }: Subject): Skipped | null {
  const { uses } = rule
  if (uses === undefined) return null
  if (facts.uses === undefined) return 'not_known'
  const counted = facts.uses[rule.id] ?? {}
  const isUsedUp = periodsOf(uses, () => local().day).some(
    ({ period, limit }) => (counted[period] ?? 0) >= limit,
  )
  return isUsedUp ? 'used_up' : null
}
