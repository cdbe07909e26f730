import type { Award } from '../../shared/rules/award.ts'
import type { Book } from '../../shared/rules/book.ts'
import { type DrawnFrom, keyOfDraw } from '../../shared/rules/budget.ts'
import { dayAfter, localDayOf, numberOfDay, numberOfLocalDay } from '../../shared/rules/localTime.ts'
import { DAY, type Instant } from '../../shared/time.ts'

/** A budget that lasts longer than ten years needs no date. */
const MOST_DAYS = 3650

/**
 * The day on which a budget would be used up: one of the days that were tried or, where it outlasts them, a later one if all days
 * were like them. `byDay` has the points of each day, the first one first; the period of so many `days` begins and ends in
 * the middle of a day.
 */
export function budgetEnd(
  byDay: readonly number[],
  { limit, begins, days }: { limit: number; begins: string; days: number },
) {
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

/** `isSeen` is false where it outlasts the days that were tried, and all others were taken to be like them. */
export interface TriedEnd {
  on: string
  isSeen: boolean
}

/**
 * The days on which the budgets of a book would be used up by the purchases of a period. Purchases come customer by customer,
 * and a budget is used up in the order of time: so each day is counted as if budgets had no limits.
 */
export function createBudgetEnds(book: Book, { from, to }: { from: Instant; to: Instant }) {
  const begins = localDayOf(from, book.timeZone)
  const placeOf = (at: Instant) => numberOfLocalDay(at, book.timeZone) - numberOfDay(begins)
  const drawn = new Map<string, number[]>()
  return {
    limitless: {
      ...book,
      budgets: book.budgets.map((budget) => ({ ...budget, limit_points: Number.MAX_SAFE_INTEGER })),
    },

    /** Adds the awards that the book without limits would have given to a purchase. */
    add(at: Instant, awards: readonly Award[]): void {
      for (const { drawnFrom, points } of awards) {
        if (!drawnFrom) continue
        const byDay = drawn.get(keyOfDraw(drawnFrom)) ?? Array.from({ length: placeOf(to) + 1 }, () => 0)
        byDay[placeOf(at)] = (byDay[placeOf(at)] ?? 0) + points
        drawn.set(keyOfDraw(drawnFrom), byDay)
      }
    },

    /** Null: it would last for its period, or for years. */
    endOf(of: DrawnFrom): TriedEnd | null {
      const limit = book.budgets.find(({ id }) => id === of.budgetId)?.limit_points
      const byDay = drawn.get(keyOfDraw(of))
      if (limit === undefined || !byDay) return null
      const { usedUpOn: on, isSeen } = budgetEnd(byDay, { limit, begins, days: (to - from) / DAY })
      return on !== null && (isSeen || of.period === 'total') ? { on, isSeen } : null
    },
  }
}
