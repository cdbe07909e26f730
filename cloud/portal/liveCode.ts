import { backoff } from '../../shared/backoff.ts'
import type { MyCode } from '../../shared/me.ts'
import { type Instant, SECOND } from '../../shared/time.ts'

export type LiveCode =
  | { status: 'loading' }
  | { status: 'live'; code: string; endsAt: Instant; lifeMs: number }
  /** There is no live code and none is to be had: the plain card must do. */
  | { status: 'unavailable' }

/** A cashier needs a moment to scan: a code is replaced while it still has this long. */
const RENEW_BEFORE_MS = 15 * SECOND
const RETRIES = { first: 2 * SECOND, longest: 15 * SECOND }

interface Surroundings {
  fetchCode(): Promise<MyCode>
  onChange(code: LiveCode): void
  now(): Instant
  isVisible(): boolean
}

/**
 * Keeps a code that is live, and asks for the next before it ends; an ended code is never shown. Nobody sees a
 * hidden page, so it asks for nothing: `look` is called when it is seen again.
 */
export function keepLiveCode({ fetchCode, onChange, now, isVisible }: Surroundings) {
  let current: LiveCode = { status: 'loading' }
  let askAt: Instant = 0
  let isAsking = false
  let failures = 0
  let isStopped = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function show(code: LiveCode) {
    current = code
    if (!isStopped) onChange(code)
  }

  async function ask() {
    isAsking = true
    // Counted from the question, so that a slow answer makes it shorter and not longer.
    const askedAt = now()
    try {
      const { code, expiresAt, serverTime } = await fetchCode()
      const lifeMs = Date.parse(expiresAt) - Date.parse(serverTime)
      failures = 0
      askAt = askedAt + Math.max(lifeMs - RENEW_BEFORE_MS, lifeMs / 2)
      show({ status: 'live', code, lifeMs, endsAt: askedAt + lifeMs })
    } catch {
      askAt = now() + backoff(failures, RETRIES)
      failures += 1
      if (current.status === 'loading') show({ status: 'unavailable' })
    }
    isAsking = false
    look()
  }

  function look() {
    clearTimeout(timer)
    if (isStopped) return
    if (current.status === 'live' && current.endsAt <= now())
      show({ status: failures > 0 ? 'unavailable' : 'loading' })
    if (!isVisible()) return
    if (!isAsking && askAt <= now()) void ask()
    const endsAt = current.status === 'live' ? current.endsAt : Number.POSITIVE_INFINITY
    const next = isAsking ? endsAt : Math.min(endsAt, askAt)
    if (Number.isFinite(next)) timer = setTimeout(look, Math.max(0, next - now()))
  }

  look()
  return {
    /** The page is seen again, or there is a network again: what failed before is no reason to wait. */
    look() {
      if (failures > 0) askAt = 0
      failures = 0
      look()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
