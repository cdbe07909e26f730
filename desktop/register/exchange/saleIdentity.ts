import type { AmountReading } from './sale.ts'

/** The sale the register has or had last, with the latest version of its file that was seen. */
export interface KnownSale {
  fingerprint: string
  version: string
  isFinished: boolean
}

/**
 * content | version | last sale | the reading is
 * changed | any     | any       | new
 * same    | same    | any       | same: also when the register has just been started
 * same    | new     | open      | same: 1C saved it again; the caller remembers the new version
 * same    | new     | finished  | new: the next customer bought for the same money
 */
export function nextSale(
  current: KnownSale | null,
  reading: Pick<AmountReading, 'fingerprint' | 'version'>,
): 'same' | 'new' {
  if (!current || reading.fingerprint !== current.fingerprint) return 'new'
  return reading.version !== current.version && current.isFinished ? 'new' : 'same'
}
