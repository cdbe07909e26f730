/** Chance that a seed decides: the same seed makes the same decisions. */
export interface Random {
  /** From 0 up to 1. */
  next(): number
  between(from: number, to: number): number
  /** Whole, both ends included. */
  int(from: number, to: number): number
  chance(share: number): boolean
  pick<T>(choices: readonly T[]): T
  /** Each with its weight. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T
  /** A chance of its own, so that one part's decisions do not move another's. */
  fork(name: string): Random
}

export function createRandom(seed: string): Random {
  const next = mulberry32(hashOf(seed))
  const random: Random = {
    next,
    between: (from, to) => from + next() * (to - from),
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (share) => next() < share,
    pick(choices) {
      const chosen = choices[Math.floor(next() * choices.length)]
      if (chosen === undefined) throw new Error('nothing to choose from')
      return chosen
    },
    weighted(choices) {
      let left = next() * choices.reduce((total, [, weight]) => total + weight, 0)
      for (const [choice, weight] of choices) {
        left -= weight
        if (left < 0) return choice
      }
      throw new Error('nothing to choose from')
    },
    fork: (name) => createRandom(`${seed}/${name}`),
  }
  return random
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
