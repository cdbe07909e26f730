import { backoff } from '../../../shared/backoff.ts'
import type { Operation } from '../../../shared/operation.ts'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import type { Clock } from '../time/clock.ts'

/** 0 s, 10 s, 40 s, 2 min, 7 min and 20 min after the first time; then every quarter of an hour. */
const BACKOFF = { first: 10 * SECOND, growth: 3, longest: 15 * MINUTE }
/** Within this time a fault of a new version of the cloud is mended, or the version is taken back. */
const PATIENCE_MS = 20 * MINUTE
/** The same, where the cloud has answered no other operation meanwhile: then the fault is not in this operation. */
const PATIENCE_WITH_ALL_MS = 120 * MINUTE
/** A cloud that fails at more than these at a time has a trouble of its own. */
const MOST = 20

interface Aside {
  operation: Operation
  sinceMs: number
  times: number
  retryAtMs: number
}

/**
 * Operations at each of which, sent alone, the cloud met a fault of its own. They are tried again beside the queue,
 * which goes on without them, until a person must look at them. Kept in memory: after a restart the queue finds them
 * again with a few questions.
 */
export function createAside(clock: Clock) {
  const aside = new Map<string, Aside>()
  let othersAnsweredMs = Number.NEGATIVE_INFINITY

  return {
    ids: (): ReadonlySet<string> => new Set(aside.keys()),
    isFull: () => aside.size >= MOST,
    due: (): Operation | null =>
      [...aside.values()].find(({ retryAtMs }) => retryAtMs <= clock.elapsed())?.operation ?? null,
    nextInMs: () =>
      Math.max(0, Math.min(...[...aside.values()].map(({ retryAtMs }) => retryAtMs)) - clock.elapsed()),

    /** Notes that the cloud has failed at this operation alone once more; `lost` when that was often enough. */
    meet(operation: Operation): 'waits' | 'lost' {
      const now = clock.elapsed()
      const { sinceMs, times } = aside.get(operation.id) ?? { sinceMs: now, times: 0 }
      aside.set(operation.id, {
        operation,
        sinceMs,
        times: times + 1,
        retryAtMs: now + backoff(times, BACKOFF),
      })
      const patienceMs = othersAnsweredMs > sinceMs ? PATIENCE_MS : PATIENCE_WITH_ALL_MS
      return now - sinceMs >= patienceMs ? 'lost' : 'waits'
    },

    /** The cloud has answered these. */
    answered(ids: string[]): void {
      if (ids.some((id) => !aside.has(id))) othersAnsweredMs = clock.elapsed()
      for (const id of ids) aside.delete(id)
    },

    leave: (id: string): void => void aside.delete(id),
  }
}
