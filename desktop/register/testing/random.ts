/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A seed of the environment, or a new one; printed, so that a failure can be had again. */
export function seedOf(variable: string): number {
  const seed = Number(process.env[variable] ?? Math.trunc(Math.random() * 2 ** 31))
  console.log(`${variable}=${seed}`)
  return seed
}
