import { createRandom as createChance } from '../rig/random.ts'

/** Numbers from 0 up to 1, the same ones for the same seed. */
export const createRandom = (seed: number): (() => number) => createChance(String(seed)).next

/** A seed of the environment, or a new one; printed, so that a failure can be had again. */
export function seedOf(variable: string): number {
  const seed = Number(process.env[variable] ?? Math.trunc(Math.random() * 2 ** 31))
  console.log(`${variable}=${seed}`)
  return seed
}
