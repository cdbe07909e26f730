import type { DrawnFrom } from '../../shared/rules/budget.ts'
import {
  keyOfUse,
  type OfDay,
  type Counts as SharedCounts,
  type StatusFrom,
  type Use,
} from '../../shared/rules/facts.ts'
import type { Award, Quote } from '../../shared/rules/quote.ts'
import type { Instant } from '../../shared/time.ts'

/** What is counted of a customer, as the operations of a batch move it on. */
export interface Counts extends SharedCounts {
  latest: Map<string, Instant>
  uses: Map<string, number>
  statuses: StatusFrom[]
  days: Map<string, OfDay>
  segments: string[]
}

/** The counts of a customer of whom nothing was counted yet, or is needed. */
export const nothingCounted = (): Pick<Counts, 'latest' | 'uses' | 'statuses' | 'days' | 'segments'> => ({
  ...{ latest: new Map(), uses: new Map(), statuses: [], days: new Map(), segments: [] },
})

/** Points that were given from a budget; below nought where they come back to it. */
export interface Draw extends DrawnFrom {
  points: number
}

/** What one operation counts: a purchase more or less, uses of rules, and what was given from budgets and on a day. */
export interface Counted {
  purchase: { id: string; at: Instant }
  purchases: 1 | 0 | -1
  uses: (Use & { change: 1 | -1 })[]
  draws: Draw[]
  /** The local day, where the book limits days; `isFlagged`: a person should look at it. */
  day: (OfDay & { day: string; isFlagged: boolean }) | null
}

type Purchase = Counted['purchase']
type Judged = Pick<Quote, 'awards' | 'counted'>

/** The points that each award was given. */
type Drawn = { award: Award; points: number }[]

const whole = (awards: readonly Award[]): Drawn => awards.map((award) => ({ award, points: award.points }))

/** A purchase stands from now on; an award that draws on its rule does so at once. */
export const standing = (purchase: Purchase, { awards, counted }: Judged): Counted => ({
  ...{ purchase, purchases: 1, uses: usesOf(awards, 1), draws: drawsOf(whole(awards), 1) },
  day: dayOf(counted, { points: pointsOf(whole(awards)), purchases: 1 }),
})

/** A purchase that was given up: all it has drawn comes back. */
export const undone = (purchase: Purchase, { awards, counted }: Judged): Counted =>
  returned(purchase, counted, { gone: awards, taken: whole(awards), isWhole: true })

/** Goods of a purchase came back: the uses of the awards that are gone come back, and the points that were taken. */
export function returned(
  purchase: Purchase,
  counted: Quote['counted'],
  { gone, taken, isWhole }: { gone: readonly Award[]; taken: Drawn; isWhole: boolean },
): Counted {
  const purchases = isWhole ? -1 : 0
  return {
    ...{ purchase, purchases, uses: usesOf(gone, -1), draws: drawsOf(taken, -1) },
    day: dayOf(counted && { ...counted, isFlagged: false }, { points: 0 - pointsOf(taken), purchases }),
  }
}

const usesOf = (awards: readonly Award[], change: 1 | -1) =>
  awards.flatMap(({ ruleId, countedIn = [] }) =>
    ruleId === null ? [] : countedIn.map((period) => ({ ruleId, period, change })),
  )

const drawsOf = (drawn: Drawn, sign: 1 | -1): Draw[] =>
  drawn.flatMap(({ award: { drawnFrom }, points }) =>
    drawnFrom && points > 0 ? [{ ...drawnFrom, points: sign * points }] : [],
  )

const pointsOf = (drawn: Drawn) => drawn.reduce((total, { points }) => total + points, 0)

const dayOf = (counted: Quote['counted'], change: OfDay): Counted['day'] =>
  counted ? { ...counted, ...change } : null

export function advanceCounts(
  counts: Pick<Counts, 'purchases' | 'latest' | 'uses' | 'days'>,
  { purchase, purchases, uses, day }: Counted,
): void {
  counts.purchases += purchases
  if (purchases > 0) counts.latest.set(purchase.id, purchase.at)
  if (purchases < 0) counts.latest.delete(purchase.id)
  for (const { change, ...use } of uses)
    counts.uses.set(keyOfUse(use), (counts.uses.get(keyOfUse(use)) ?? 0) + change)
  if (!day) return
  const before = counts.days.get(day.day) ?? { points: 0, purchases: 0 }
  counts.days.set(day.day, {
    points: before.points + day.points,
    purchases: before.purchases + day.purchases,
  })
}
