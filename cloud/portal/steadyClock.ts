import type { Instant } from '../../shared/time.ts'

/**
 * As much time as the one of two clocks says that saw more of it. That of the phone may be set back, and the other
 * may stand still while the phone sleeps: by either alone a code that has ended would be shown.
 */
export function createSteadyClock(wall: () => Instant, elapsed: () => number): () => Instant {
  let seen = { wall: wall(), elapsed: elapsed() }
  let now = seen.wall
  return () => {
    const next = { wall: wall(), elapsed: elapsed() }
    now += Math.max(next.wall - seen.wall, next.elapsed - seen.elapsed)
    seen = next
    return now
  }
}

export const steadyNow = createSteadyClock(Date.now, () => performance.now())
