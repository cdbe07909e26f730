import type { StoreShare } from '../../../shared/console/reports.ts'

/** How often something happened, and how often it could have. */
export interface Counted {
  times: number
  of: number
}
export type Shares = Record<StoreShare, Counted>

/** In basis points; null where it could not have happened. */
export const shareOf = ({ times, of }: Counted) => (of === 0 ? null : Math.round((10_000 * times) / of))

/** Beyond three standard deviations a difference is chance once in 370 looks. */
const FAR = 3

/**
 * Which shares of a store are far from those of the others taken together: by the test of two proportions, so that a small store is
 * not marked for one receipt.
 */
export function outliersOf(store: Shares, others: Shares): StoreShare[] {
  return (Object.keys(store) as StoreShare[]).filter((name) => isFar(store[name], others[name]))
}

function isFar(one: Counted, others: Counted): boolean {
  if (one.of === 0 || others.of === 0) return false
  const all = (one.times + others.times) / (one.of + others.of)
  const deviation = Math.sqrt(all * (1 - all) * (1 / one.of + 1 / others.of))
  return deviation > 0 && Math.abs(one.times / one.of - others.times / others.of) > FAR * deviation
}
