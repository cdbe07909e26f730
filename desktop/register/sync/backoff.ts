import { MINUTE, SECOND } from '../../../shared/time.ts'

const SHORTEST_MS = SECOND
const LONGEST_MS = MINUTE

/**
 * How long to stay away after so many failures in a row: anything from 1 s to a ceiling that doubles, so
 * that the registers of a chain do not come back at the same moment.
 */
export function backoffMs(failures: number, random: () => number): number {
  const ceilingMs = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** failures)
  return SHORTEST_MS + random() * (ceilingMs - SHORTEST_MS)
}
