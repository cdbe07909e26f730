import { createMiddleware } from 'hono/factory'
import type { Logger } from 'pino'
import type { Env } from './context.ts'

const MOST_IDS_IN_A_LINE = 20
/** The longest of ours has 60; what is longer was made up by who asks. */
const LONGEST_PATH = 200

const shortened = (path: string) => (path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path)

/** One line a request: what was asked, by whom, about which operations, and how it ended. Never a key or a body. */
export const logRequests = (log: Logger) =>
  createMiddleware<Env>(async (c, next) => {
    const startedAt = performance.now()
    await next()
    const ids = c.get('operationIds')
    log.info({
      method: c.req.method,
      path: shortened(c.req.path),
      status: c.res.status,
      ms: Math.round((performance.now() - startedAt) * 10) / 10,
      register: c.get('register')?.id,
      ...(ids && { operations: ids.length, ids: ids.slice(0, MOST_IDS_IN_A_LINE) }),
    })
  })
