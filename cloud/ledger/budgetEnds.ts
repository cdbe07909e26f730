import type { Award } from '../../shared/rules/award.ts'
import type { Book } from '../../shared/rules/book.ts'
import { type DrawnFrom, keyOfDraw } from '../../shared/rules/budget.ts'
import { localDayOf, numberOfDay } from '../../shared/rules/localTime.ts'
import { DAY, type Instant } from '../../shared/time.ts'
import { budgetEnd } from './budgetEnd.ts'

/** On which day a budget would be used up. Not seen: it outlasts the days that were tried, and all would be like them. */
export interface TriedEnd {
  on: string
  isSeen: boolean
}

/**
 * When each budget of a book would be used up by the purchases of a period. These come customer by customer, and a budget
 * goes by time: so it is counted what each day would have drawn if budgets had no limits.
 */
export function createBudgetEnds(book: Book, { from, to }: { from: Instant; to: Instant }) {
  const begins = localDayOf(from, book.timeZone)
  const placeOf = (at: Instant) => numberOfDay(localDayOf(at, book.timeZone)) - numberOfDay(begins)
  const drawn = new Map<string, number[]>()
  return {
    limitless: {
      ...book,
      budgets: book.budgets.map((budget) => ({ ...budget, limit_points: Number.MAX_SAFE_INTEGER })),
    },

    /** What a purchase would have been given by the book without limits. */
    add(at: Instant, awards: readonly Award[]): void {
      for (const { drawnFrom, points } of awards) {
        if (!drawnFrom) continue
        const key = keyOfDraw(drawnFrom)
        const byDay = drawn.get(key) ?? Array.from({ length: placeOf(to) + 1 }, () => 0)
        byDay[placeOf(at)] = (byDay[placeOf(at)] ?? 0) + points
        drawn.set(key, byDay)
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
