import { keyOfUse, type Counts as SharedCounts, type StatusFrom, type Use } from '../../shared/rules/facts.ts'
import type { Award } from '../../shared/rules/quote.ts'
import type { Instant } from '../../shared/time.ts'

/** What is counted of a customer, as the operations of a batch move it on. */
export interface Counts extends SharedCounts {
  latest: Map<string, Instant>
  uses: Map<string, number>
  statuses: StatusFrom[]
}

/** What one operation counts: a purchase more or less, and uses of rules. */
export interface Counted {
  purchase: { id: string; at: Instant }
  purchases: 1 | 0 | -1
  uses: (Use & { change: 1 | -1 })[]
}

/** A purchase stands from now on; an award that draws on its rule does so at once. */
export const standing = (purchase: Counted['purchase'], awards: readonly Award[]): Counted => ({
  ...{ purchase, purchases: 1, uses: usesOf(awards, 1) },
})

/** It was given up, or wholly returned: everything that it drew comes back. */
export const undone = (purchase: Counted['purchase'], awards: readonly Award[]): Counted => ({
  ...{ purchase, purchases: -1, uses: usesOf(awards, -1) },
})

/** A part of it was returned, and nothing is left of these awards. */
export const lessened = (purchase: Counted['purchase'], gone: readonly Award[]): Counted => ({
  ...{ purchase, purchases: 0, uses: usesOf(gone, -1) },
})

const usesOf = (awards: readonly Award[], change: 1 | -1) =>
  awards.flatMap(({ ruleId, countedIn = [] }) =>
    ruleId === null ? [] : countedIn.map((period) => ({ ruleId, period, change })),
  )

export function advanceCounts(counts: Counts, { purchase, purchases, uses }: Counted): void {
  counts.purchases += purchases
  if (purchases > 0) counts.latest.set(purchase.id, purchase.at)
  if (purchases < 0) counts.latest.delete(purchase.id)
  for (const { change, ...use } of uses)
    counts.uses.set(keyOfUse(use), (counts.uses.get(keyOfUse(use)) ?? 0) + change)
}
