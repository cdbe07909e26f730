/** Chance that is the same for the same seed, so that everybody’s demo is the same one. */
export interface Chance {
  /** From 0 up to 1. */
  next(): number
  /** From the first to the last, both among them. */
  int(first: number, last: number): number
  is(probability: number): boolean
  pick<T>(items: readonly [T, ...T[]]): T
  /** Around 0, most of them within 1. */
  normal(): number
  /** Of waiting times: so long on average. */
  exponential(mean: number): number
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  /** Mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    int: (first, last) => first + Math.floor(next() * (last - first + 1)),
    is: (probability) => next() < probability,
    pick: <T>(items: readonly [T, ...T[]]) => items[Math.floor(next() * items.length)] ?? items[0],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    exponential: (mean) => -mean * Math.log(1 - next()),
  }
}
