import { type Instant, MINUTE } from '../../shared/time.ts'
import type { Config } from '../config.ts'
import { createAtOnce } from './atOnce.ts'

export interface Limit {
  perMinute: number
  /** How many may come at once after a quiet time. */
  burst: number
}

const KEYS_BEFORE_PRUNING = 10_000

/**
 * A token bucket a key. It lives in one process on purpose: it protects that process and slows guessing;
 * no fact depends on it.
 */
export function createLimiter({ perMinute, burst }: Limit) {
  const buckets = new Map<string | number, { tokens: number; at: Instant }>()
  let pruneAbove = KEYS_BEFORE_PRUNING

  function tokensOf(key: string | number, now: Instant): number {
    const bucket = buckets.get(key)
    if (!bucket) return burst
    // A clock that was set back must not lock anybody out.
    const elapsed = Math.max(0, now - bucket.at)
    return Math.min(burst, bucket.tokens + (elapsed * perMinute) / MINUTE)
  }

  function prune(now: Instant) {
    for (const key of buckets.keys()) if (tokensOf(key, now) >= burst) buckets.delete(key)
    pruneAbove = Math.max(KEYS_BEFORE_PRUNING, 2 * buckets.size)
  }

  return {
    /** 0 when the key may go on, otherwise the seconds until it may. */
    waitSeconds(key: string | number, now: Instant, tokens = 1): number {
      const missing = Math.min(tokens, burst) - tokensOf(key, now)
      return missing <= 0 ? 0 : Math.ceil((missing / perMinute) * 60)
    },
    spend(key: string | number, now: Instant, tokens = 1): void {
      if (buckets.size > pruneAbove) prune(now)
      buckets.set(key, { tokens: tokensOf(key, now) - tokens, at: now })
    },
  }
}

export type Limiter = ReturnType<typeof createLimiter>

export type Limiters = ReturnType<typeof createLimiters>

/** How often each sender may ask in a minute, and how much of it at once after a quiet time. */
export function createLimiters(config: Limits) {
  const steady = (perMinute: number, burst = perMinute) => createLimiter({ perMinute, burst })
  return {
    lookups: steady(config.lookupsPerMinute, 5 * config.lookupsPerMinute),
    missedLookups: steady(config.missedLookupsPerMinute, 3 * config.missedLookupsPerMinute),
    requests: steady(config.requestsPerMinute),
    failedEnrolments: steady(config.enrolAttemptsPerMinute),
    // Wrong requests without a key, by network.
    strangers: steady(config.strangersPerMinute),
    people: steady(config.miniAppRequestsPerMinute),
    // A till sells a few times a minute, but brings everything at once after a night without a network.
    operations: steady(config.operationsPerMinute, config.operationsBurst),
    ...createShares(),
  }
}

/** How many requests of one sender are worked on at the same time, whatever they may ask for in a minute. */
export const createShares = () => ({
  // A till asks for one page of customers after the other, and may have given up one that is still read.
  pages: createAtOnce({ most: 2 }),
  // A page of the console asks for several things, and a report of a large programme takes seconds.
  office: createAtOnce({ most: 2, waiting: 30 }),
})

type Limits = Pick<
  Config,
  | 'lookupsPerMinute'
  | 'missedLookupsPerMinute'
  | 'requestsPerMinute'
  | 'enrolAttemptsPerMinute'
  | 'strangersPerMinute'
  | 'miniAppRequestsPerMinute'
  | 'operationsPerMinute'
  | 'operationsBurst'
>
