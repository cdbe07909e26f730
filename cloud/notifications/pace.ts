import { backoff } from '../../shared/backoff.ts'
import { type Instant, SECOND } from '../../shared/time.ts'
import type { Clock } from './clock.ts'

/** Telegram takes about 30 a second of a bot; the rest is for its answers to commands. */
const A_SECOND = 25
const GAP_MS = SECOND / A_SECOND
/** A person gets a message a second at most. */
const CHAT_GAP_MS = SECOND
const AWAY = { first: SECOND, longest: 60 * SECOND }

export type Pace = ReturnType<typeof createPace>

/** When the next message may go, and to whom not yet. */
export function createPace(clock: Clock, signal: AbortSignal) {
  let nextAt: Instant = 0
  let heldUntil: Instant = 0
  let silences = 0
  const freeAt = new Map<number, Instant>()
  let lastLook: Instant = 0

  /** Of a clock that is set back by hours, pauses of seconds would become hours: they are over instead. */
  function now(): Instant {
    const at = clock.now()
    if (at < lastLook - CHAT_GAP_MS) {
      nextAt = at
      heldUntil = at
      for (const [customerId, until] of freeAt) if (Number.isFinite(until)) freeAt.set(customerId, at)
    }
    lastLook = at
    return at
  }

  function holdUntil(at: Instant): void {
    heldUntil = Math.max(heldUntil, at)
  }

  return {
    /** Waits until one more may be sent. */
    async turn(): Promise<void> {
      for (;;) {
        const at = now()
        const wait = Math.max(nextAt, heldUntil) - at
        if (wait <= 0 || signal.aborted) return
        await clock.pause(wait, signal)
      }
    },
    /** A message is being sent: the next turn is so much later than this very moment. */
    sends(): void {
      nextAt = now() + GAP_MS
    },
    busy(): number[] {
      const at = now()
      for (const [customerId, until] of freeAt) if (until <= at) freeAt.delete(customerId)
      return [...freeAt.keys()]
    },
    occupy(customerId: number): void {
      freeAt.set(customerId, Number.POSITIVE_INFINITY)
    },
    release(customerId: number): void {
      freeAt.set(customerId, now() + CHAT_GAP_MS)
    },
    holdUntil,
    heldUntil: () => heldUntil,
    /** Telegram answered: whatever happens next is about a message. */
    answered(): { wasAway: boolean } {
      const wasAway = silences > 0
      silences = 0
      return { wasAway }
    },
    /**
     * Telegram did not answer a message begun at that time. The first time it may be the message's fault; what
     * was already under way when the waiting began tells nothing new.
     */
    away(begunAt: Instant): { isFirst: boolean; until: Instant } {
      const isFirst = silences === 0
      if (isFirst || begunAt >= heldUntil) {
        holdUntil(now() + backoff(silences, AWAY))
        silences += 1
      }
      return { isFirst, until: heldUntil }
    },
  }
}
