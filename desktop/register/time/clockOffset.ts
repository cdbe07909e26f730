import type { Instant } from '../../../shared/time.ts'

/** How wrong the clock of this device is: `offsetMs` added to it gives the time of the cloud. */
export interface Measurement {
  offsetMs: number
  errorMs: number
}

export interface RoundTrip {
  /** What the clock of this device said when the answer came. */
  endedAt: Instant
  tookMs: number
}

/** Clocks tell whole milliseconds, both ours and the cloud's. */
const TICK_MS = 1
/** The Date header tells whole seconds, cut off: on average it is half a second behind. */
const HALF_SECOND_MS = 500

/** The cloud said its time somewhere between asking and answer; the middle is off by half of that at most. */
export function measureByTime({ endedAt, tookMs }: RoundTrip, cloudTime: Instant): Measurement {
  const offsetMs = Math.round(cloudTime - (endedAt - tookMs / 2))
  return { offsetMs, errorMs: tookMs / 2 + TICK_MS }
}

export function measureByDateHeader(roundTrip: RoundTrip, date: Instant): Measurement {
  const { offsetMs, errorMs } = measureByTime(roundTrip, date + HALF_SECOND_MS)
  return { offsetMs, errorMs: errorMs + HALF_SECOND_MS }
}

/** Two measurements that cannot both be right mean that a clock was set: the later one counts. */
export function laterOrBetter(known: Measurement | null, measured: Measurement): Measurement {
  if (!known) return measured
  const isContradiction = Math.abs(measured.offsetMs - known.offsetMs) > measured.errorMs + known.errorMs
  return isContradiction || measured.errorMs < known.errorMs ? measured : known
}
