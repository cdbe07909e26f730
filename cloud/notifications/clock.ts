import { setTimeout as timer } from 'node:timers/promises'
import type { Instant } from '../../shared/time.ts'

/** Time as the sender sees it. */
export interface Clock {
  now(): Instant
  /** Ends early, and without complaint, when the signal says that it is over. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: Date.now,
  async pause(milliseconds, signal) {
    await timer(milliseconds, undefined, { signal }).catch(() => {})
  },
}
