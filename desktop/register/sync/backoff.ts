import { backoff } from '../../../shared/backoff.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'

const CEILINGS = { first: SECOND, longest: MINUTE }

/**
 * How long to stay away after so many failures in a row: anything from 1 s to a ceiling that doubles, so
 * that the registers of a chain do not come back at the same moment.
 */
export function backoffMs(failures: number, random: () => number): number {
  return SECOND + random() * (backoff(failures, CEILINGS) - SECOND)
}
