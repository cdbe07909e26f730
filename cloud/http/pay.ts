import type { Instant } from '../../shared/time.ts'
import { tooMany } from './errors.ts'
import type { Limiter, Limiters } from './limits.ts'

/** Takes the tokens of a request from its bucket, or answers 429. */
export function pay(limiter: Limiter, key: string | number, now: Instant, tokens = 1): void {
  const wait = limiter.waitSeconds(key, now, tokens)
  if (wait > 0) throw tooMany(wait)
  limiter.spend(key, now, tokens)
}

/**
 * Takes the token of a look-up. Hits and misses both tell a guesser something, and misses more: a register with too many
 * misses, which the route counts when it answers, is to wait.
 */
export function payLookup(
  { lookups, missedLookups }: Pick<Limiters, 'lookups' | 'missedLookups'>,
  registerId: number,
  now: Instant,
): void {
  const wait = missedLookups.waitSeconds(registerId, now)
  if (wait > 0) throw tooMany(wait)
  pay(lookups, registerId, now)
}
