import { randomUUID } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import type { Logger } from 'pino'
import type { Env } from './context.ts'

const MOST_IDS_IN_A_LINE = 20
/** The longest of our paths has 60 characters; a longer one was made up by its sender. */
const LONGEST_PATH = 200

const shortened = (path: string) => (path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path)

/** The facts of a request for its line in the log, when it is answered. */
export interface Told {
  method: string
  path: string
  status: number
  startedAt: number
  register: number | undefined
  ids: string[] | undefined
  /** By it a change in the log of changes is found in this log. */
  requestId?: string
}

/** A log for `logRequest` alone: its lines have no secrets, and to search them would cost as much as the rest of a line. */
export const openRequestLog = (log: Logger): Logger => log.child({}, { redact: [] })

/** A line for each request: what was asked, by whom, about which operations, and how it ended. Never a key or a body. */
export function logRequest(
  log: Logger,
  { method, path, status, startedAt, register, ids, requestId }: Told,
): void {
  log.info({
    method,
    path: shortened(path),
    status,
    ms: Math.round((performance.now() - startedAt) * 10) / 10,
    register,
    request: requestId,
    ...(ids && { operations: ids.length, ids: ids.slice(0, MOST_IDS_IN_A_LINE) }),
  })
}

export function logRequests(log: Logger) {
  const requestLog = openRequestLog(log)
  return createMiddleware<Env>(async (c, next) => {
    const startedAt = performance.now()
    const requestId = randomUUID()
    c.set('requestId', requestId)
    await next()
    const { method, path } = c.req
    const [register, ids] = [c.get('register')?.id, c.get('operationIds')]
    logRequest(requestLog, { method, path, status: c.res.status, startedAt, register, ids, requestId })
  })
}
