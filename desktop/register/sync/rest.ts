import { type Clock, pause } from '../time/clock.ts'

/** The waits of a loop that others may cut short. */
export function createRest(clock: Clock, stopping: AbortSignal) {
  let alarm = new AbortController()
  let isBackingOff = false
  stopping.addEventListener('abort', () => alarm.abort(), { once: true })

  async function nap(ms: number): Promise<void> {
    await pause(clock, ms, alarm.signal)
    if (!stopping.aborted) alarm = new AbortController()
  }

  return {
    /** Ends at once where somebody called since the last wait. */
    idle: nap,

    /** Nobody cuts the first `atLeastMs`; what was called before the failure does not cut the rest either. */
    async backOff(ms: number, atLeastMs: number): Promise<void> {
      isBackingOff = true
      if (!stopping.aborted) alarm = new AbortController()
      await pause(clock, atLeastMs, stopping)
      await nap(Math.max(0, ms - atLeastMs))
      isBackingOff = false
    },

    wake: () => alarm.abort(),
    isBackingOff: () => isBackingOff,
  }
}
