import { backoffMs } from '../../../shared/backoff.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'

const SHORTEST_MS = SECOND
const BACKOFF = { firstMs: SHORTEST_MS, longestMs: MINUTE }

/**
 * How long the line stays away from a cloud that did not answer: anything from 1 s to a ceiling that doubles, so that the
 * registers of a chain do not come back at the same moment.
 */
export function awayMs(failures: number, random: () => number): number {
  return SHORTEST_MS + random() * (backoffMs(failures, BACKOFF) - SHORTEST_MS)
}
