import { createHash } from 'node:crypto'
import { compareVersions } from '../../shared/version.ts'

export interface Offer {
  version: string
  percent: number
}

/** The fraction of the golden ratio: its multiples spread over the numbers of 32 bits as evenly as can be. */
const GOLDEN = 0x9e3779b1

/**
 * Where a register stands in the rollout of a version, from 0 up to 100; always the same. Numbers that follow
 * each other land far apart, so 10 % of forty registers are four, and not by chance none. Each version begins at
 * another place, so that it is not always the same registers that go first.
 */
export function placeInRollout(registerId: number, version: string): number {
  const beginning = createHash('sha256').update(version).digest().readUInt32BE()
  return (((Math.imul(registerId, GOLDEN) + beginning) >>> 0) / 2 ** 32) * 100
}

/** A request without the key of a register gets only what is for all of them. */
export function isInRollout({ version, percent }: Offer, registerId: number | null): boolean {
  return percent === 100 || (registerId !== null && placeInRollout(registerId, version) < percent)
}

/** The newest of the releases that this register is in the rollout of. */
export function chooseRelease<T extends Offer>(offers: T[], registerId: number | null): T | null {
  const open = offers.filter((offer) => isInRollout(offer, registerId))
  return open.toSorted((one, other) => compareVersions(other.version, one.version))[0] ?? null
}
