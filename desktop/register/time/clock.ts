import { performance } from 'node:perf_hooks'
import type { Instant } from '../../../shared/time.ts'

/** The clock of this machine, handed in wherever time is read or waited for, so that a test can be the clock. */
export interface Clock {
  /** What this device believes the time is; it may be wrong, and may jump. */
  now(): Instant
  /** Milliseconds that only ever grow: for durations. */
  elapsed(): number
  /** Calls once after so many milliseconds, unless the function it returns is called before. */
  after(ms: number, call: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves after so many milliseconds, or at once when the signal aborts. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      cancel()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(ms, end)
    signal?.addEventListener('abort', end, { once: true })
  })
}
