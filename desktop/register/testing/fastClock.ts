import { performance } from 'node:perf_hooks'
import type { Instant } from '../../../shared/time.ts'
import type { Clock } from '../clock.ts'

/** A clock on which so many seconds pass in one, for those who wait long and for those who stamp. */
export function createFastClock({ times, start }: { times: number; start: Instant }): Clock {
  const begunMs = performance.now()
  const elapsed = () => (performance.now() - begunMs) * times
  return {
    now: () => start + Math.floor(elapsed()),
    elapsed,
    after(ms, call) {
      const timer = setTimeout(call, ms / times)
      return () => clearTimeout(timer)
    },
  }
}
