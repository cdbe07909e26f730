import type { Random } from '../desktop/register/rig/random.ts'

/** A door, and what may come in through it. */
export interface Target {
  name: string
  weight: number
  /** Sends an example that was changed so many times, and tells what was wrong with the answer. */
  attempt(random: Random, rounds: number): Promise<Attempt>
  /** What is wrong only over many inputs, such as memory that grows. */
  lookBack?(): Promise<string[]>
}

export interface Attempt {
  /** Which door of the target it was. */
  at: string
  /** Null where the answer was as it should be. */
  problem: string | null
  /** The input, as far as a person wants to see it. */
  input: string
}

const SHOWN = 400

export function shown(bytes: Buffer | string): string {
  const text = JSON.stringify(typeof bytes === 'string' ? bytes : bytes.toString('latin1'))
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${bytes.length} bytes)` : text
}
