import type { Instant } from '../../../shared/time.ts'
import type { Clock } from './clock.ts'
import { laterOrBetter, type Measurement } from './clockOffset.ts'

/** The clocks of this device when an operation was made. */
export interface Moment {
  /** The clock on the wall, which may be set at any time. */
  deviceAt: Instant
  /** The clock that only grows; null for an earlier life of this program, which it knew nothing of. */
  elapsedMs: number | null
  /** The moment was not before this, by the contact before it; null where there was none. */
  earliest: Instant | null
}

/** How far a machine's own correction may move the two clocks apart: two seconds, and one in a thousand. */
const APART_MS = 2000
const APART_SHARE = 0.001

export type CloudTime = ReturnType<typeof createCloudTime>

/**
 * The time of the cloud, counted on from the last contact by the clock that only grows. That clock cannot be set,
 * but on some machines it stands still while they sleep; the clock on the wall goes on then, but can be set. So the
 * time is known while both agree. Where they do not, only the next contact tells, and till then it is unknown.
 */
export function createCloudTime(clock: Clock) {
  /** `steady`: the time of the cloud less the growing clock. */
  let contact: { steady: Measurement; at: Instant; elapsedMs: number } | null = null

  const counted = () => (contact ? Math.round(clock.elapsed() + contact.steady.offsetMs) : null)

  function isSure(): boolean {
    if (!contact) return false
    const grownMs = clock.elapsed() - contact.elapsedMs
    const apartMs = Math.abs(clock.now() - contact.at - grownMs)
    return apartMs <= APART_MS + grownMs * APART_SHARE
  }

  return {
    /** To be called when the answer arrives that the measurement was made by. */
    measured({ offsetMs, errorMs }: Measurement): void {
      const [at, elapsedMs] = [clock.now(), clock.elapsed()]
      const steady = { offsetMs: offsetMs + at - elapsedMs, errorMs }
      contact = { steady: laterOrBetter(contact?.steady ?? null, steady), at, elapsedMs }
    },

    /** Null where it is not known. */
    now: (): Instant | null => (isSure() ? counted() : null),

    /** The time of the cloud, or the best guess where it is not known. */
    guess: (): Instant => (isSure() ? counted() : null) ?? Math.round(clock.now() + (offsetOf(contact) ?? 0)),

    /** The correction of the wall clock at the last contact. */
    offsetMs: (): number | null => offsetOf(contact),

    moment: (): Moment => ({ deviceAt: clock.now(), elapsedMs: clock.elapsed(), earliest: counted() }),

    /**
     * The time of a moment. The growing clock never runs too fast: counted on from the contact before, it gives the earliest
     * time that can be, and counted back from the contact after, the latest. Between them the wall decides.
     */
    timeOf({ deviceAt, elapsedMs, earliest }: Moment): Instant {
      const byWall = deviceAt + (offsetOf(contact) ?? 0)
      const now = counted()
      const latest = now === null ? byWall : now - (elapsedMs === null ? 0 : clock.elapsed() - elapsedMs)
      return Math.round(Math.min(Math.max(byWall, earliest ?? byWall), latest))
    },
  }
}

function offsetOf(contact: { steady: Measurement; at: Instant; elapsedMs: number } | null): number | null {
  return contact && Math.round(contact.steady.offsetMs + contact.elapsedMs - contact.at)
}
