import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import type { Outcome } from '../../shared/operation.ts'
import { SECOND } from '../../shared/time.ts'
import type { Turn } from '../ledger/queue.ts'
import type { Request } from '../ledger/request.ts'
import type { Meters } from './meters.ts'

const secondsSince = (startedAt: number) => (performance.now() - startedAt) / SECOND

/** Tells of every request by the pattern of its route: a path has ids in it, and anybody may make one up. */
export const measureRequests = (meters: Meters) =>
  createMiddleware(async (c, next) => {
    const startedAt = performance.now()
    await next()
    // Middleware is registered for every method, so the first that is not has answered.
    const route = matchedRoutes(c).find(({ method }) => method !== 'ALL')
    meters.requestAnswered({
      route: route ? { method: route.method, pattern: route.path } : null,
      status: c.res.status,
      seconds: secondsSince(startedAt),
    })
  })

/** Tells of every transaction of the ledger. */
export function measureGroups(
  meters: Meters,
  execute: (requests: Request[], turn?: Turn) => Promise<Outcome[]>,
) {
  return async (requests: Request[], turn?: Turn): Promise<Outcome[]> => {
    const startedAt = performance.now()
    try {
      const outcomes = await execute(requests, turn)
      meters.groupCommitted({ outcomes, seconds: secondsSince(startedAt) })
      return outcomes
    } catch (error) {
      meters.groupFailed()
      throw error
    }
  }
}
