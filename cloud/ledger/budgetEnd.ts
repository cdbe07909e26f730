import { dayAfter } from '../../shared/rules/localTime.ts'

/** What lasts longer than ten years needs no date. */
const MOST_DAYS = 3650

export interface BudgetEnd {
  /** What would have been given if there were no limit. */
  needed: number
  /** On which of its days it is used up; null: it would last for years. */
  lastsDays: number | null
  /** Within the days that were tried; else they would go on alike. */
  isSeen: boolean
  usedUpOn: string | null
}

/**
 * When a budget would be used up: on which of the days that were tried, or, where it outlasts them, if all days were like them. `byDay` has
 * what would have been given on each, the first one first; the period of so many `days` begins and ends in the midst of one.
 */
export function budgetEnd(
  byDay: readonly number[],
  { limit, begins, days }: { limit: number; begins: string; days: number },
): BudgetEnd {
  let needed = 0
  const given = byDay.map((points) => {
    needed += points
    return needed
  })
  const within = given.findIndex((points) => points >= limit)
  const lastsDays = within >= 0 ? within + 1 : lastsAtThisPace(limit, needed / days)
  return {
    ...{ needed, lastsDays, isSeen: within >= 0 },
    usedUpOn: lastsDays === null ? null : dayAfter(begins, lastsDays - 1),
  }
}

function lastsAtThisPace(limit: number, pointsADay: number): number | null {
  const days = Math.ceil(limit / pointsADay)
  return days > MOST_DAYS ? null : days
}
