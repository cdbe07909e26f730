import { performance } from 'node:perf_hooks'
import type { Instant } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'

/** A clock on which so many seconds pass in one, for those who wait long and for those who stamp. */
export function createFastClock({ times, start }: { times: number; start: Instant }) {
  const timers = new Set<{ atMs: number; call: () => void }>()
  let passedMs = 0
  let goesSinceMs = performance.now()
  let works = 0
  let alarm: NodeJS.Timeout | undefined

  const elapsed = () => (works > 0 ? passedMs : passedMs + (performance.now() - goesSinceMs) * times)

  function arm(): void {
    clearTimeout(alarm)
    if (works > 0 || timers.size === 0) return
    const nextMs = Math.min(...[...timers].map(({ atMs }) => atMs))
    alarm = setTimeout(ring, Math.max(0, (nextMs - elapsed()) / times))
  }

  function ring(): void {
    const dueMs = elapsed()
    const due = [...timers].filter(({ atMs }) => atMs <= dueMs).sort((one, other) => one.atMs - other.atMs)
    for (const timer of due) if (timers.delete(timer)) timer.call()
    arm()
  }

  const clock: Clock = {
    now: () => start + Math.floor(elapsed()),
    elapsed,
    after(ms, call) {
      const timer = { atMs: elapsed() + ms, call }
      timers.add(timer)
      arm()
      return () => timers.delete(timer)
    },
  }

  return {
    ...clock,
    /** Stands still meanwhile, so that what this machine is slow with is not slow by the clock. */
    async during<T>(work: () => Promise<T>): Promise<T> {
      if (works === 0) passedMs = elapsed()
      works += 1
      arm()
      try {
        return await work()
      } finally {
        works -= 1
        if (works === 0) goesSinceMs = performance.now()
        arm()
      }
    },
  }
}
