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
 * The shares of each store that are far from those of the median store, so that one bad store does not mark the stores
 * that are alike. It is the test of two proportions, so that a small store is not marked for a single receipt.
 */
export function outliersOf(stores: readonly Shares[]): StoreShare[][] {
  return stores.map((store) =>
    (Object.keys(store) as StoreShare[]).filter((name) => isFar(name, store, stores)),
  )
}

function isFar(name: StoreShare, store: Shares, all: readonly Shares[]): boolean {
  const one = store[name]
  const known = all.map((shares) => shares[name]).filter(({ of }) => of > 0)
  const others = known.reduce((sum, { of }) => sum + of, 0) - one.of
  if (one.of === 0 || others === 0) return false
  const usual = middleOf(known.map(({ times, of }) => times / of))
  const pooled = (one.times + usual * others) / (one.of + others)
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / one.of + 1 / others))
  return deviation > 0 && Math.abs(one.times / one.of - usual) > FAR * deviation
}

function middleOf(shares: number[]): number {
  const sorted = shares.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] ?? 0) + (sorted[Math.floor(half)] ?? 0)) / 2
}
