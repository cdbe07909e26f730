import { backoff } from '../../../shared/backoff.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'

const SHORTEST_MS = SECOND
const BACKOFF = { first: SHORTEST_MS, longest: MINUTE }

/**
 * How long the line stays away from a cloud that did not answer: anything from 1 s to a ceiling that doubles, so that the
 * registers of a chain do not come back at the same moment.
 */
export function awayMs(failures: number, random: () => number): number {
  return SHORTEST_MS + random() * (backoff(failures, BACKOFF) - SHORTEST_MS)
}
