import { type Clock, pause } from '../time/clock.ts'

/** The waits of a loop that others may cut short. */
export function createWaits(clock: Clock, stopping: AbortSignal) {
  let alarm = new AbortController()
  let isBackingOff = false
  stopping.addEventListener('abort', () => alarm.abort(), { once: true })

  async function nap(ms: number): Promise<void> {
    await pause(clock, ms, alarm.signal)
    if (!stopping.aborted) alarm = new AbortController()
  }

  return {
    /** Ends at once where `wake` was called since the last wait. */
    idle: nap,

    /** `wake` does not cut the first `atLeastMs`; one that came before the failure does not cut the rest either. */
    async backOff(ms: number, atLeastMs: number): Promise<void> {
      isBackingOff = true
      if (!stopping.aborted) alarm = new AbortController()
      await pause(clock, atLeastMs, stopping)
      await nap(Math.max(0, ms - atLeastMs))
      isBackingOff = false
    },

    // With a reason of its own: the usual one is an error, and takes longer to make than the rest of it.
    wake: () => alarm.abort('woken'),
    isBackingOff: () => isBackingOff,
  }
}
