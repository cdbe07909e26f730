import { OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { timeout } from 'hono/timeout'
import { LineFull } from './access/staff/signInLine.ts'
import { telegramRoutes } from './bot/receive/route.ts'
import { isOutage } from './database/outage.ts'
import { diagnosticsRoutes } from './fleet/routes/diagnostics.ts'
import { enrolRoutes } from './fleet/routes/enrol.ts'
import { fleetPages } from './fleet/routes/pages.ts'
import { registerRoutes } from './fleet/routes/register.ts'
import { boundBody } from './http/body.ts'
import type { Cloud, Env } from './http/context.ts'
import { docsRoutes } from './http/docs.ts'
import { ApiFailure, malformed, replyWithFailure, tooMany } from './http/errors.ts'
import { frontRoutes } from './http/front.ts'
import { healthRoutes } from './http/health.ts'
import { logRequests } from './http/log.ts'
import { pageHeaders } from './http/pageHeaders.ts'
import { soundAddress } from './http/soundAddress.ts'
import { Overloaded } from './ledger/queue.ts'
import { customerRoutes } from './ledger/routes/customers.ts'
import { oldAgentRoutes } from './ledger/routes/oldAgent.ts'
import { operationRoutes } from './ledger/routes/operations.ts'
import { parkedRoutes } from './ledger/routes/parked.ts'
import { measureRequests } from './metrics/measure.ts'
import { metricsRoute } from './metrics/route.ts'
import { meRoutes } from './people/routes/me.ts'
import { portalRoutes } from './portal/server/routes.ts'
import { updateRoutes } from './updates/feed.ts'

const OUTAGE_RETRY_SECONDS = 2
/** A database that is there but silent (stopped, cut off) is an outage too; nobody waits longer than this. */
const ANSWER_WITHIN_MS = 12_000

/** The HTTP face of the cloud. It needs no socket: tests call `app.request()`. */
export function createApp(cloud: Cloud) {
  const app = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw malformed(result.error)
    },
  })
  app.use(measureRequests(cloud.meters))
  app.use(logRequests(cloud.log))
  const apiHeaders = pageHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"] },
  })
  app.use((c, next) => (hasOwnHeaders(c.req.path) ? next() : apiHeaders(c, next)))
  app.use(timeout(ANSWER_WITHIN_MS, () => outage()))
  app.use(soundAddress)
  app.use(boundBody)

  healthRoutes(app, cloud)
  enrolRoutes(app, cloud)
  registerRoutes(app, cloud)
  customerRoutes(app, cloud)
  operationRoutes(app, cloud)
  parkedRoutes(app, cloud)
  diagnosticsRoutes(app, cloud)
  oldAgentRoutes(app, cloud)
  telegramRoutes(app, cloud)
  updateRoutes(app, cloud)
  meRoutes(app, cloud)
  portalRoutes(app, cloud)
  docsRoutes(app)
  frontRoutes(app, cloud)
  if (cloud.exposition) metricsRoute(app, cloud.exposition)
  app.route(
    '/fleet',
    fleetPages(cloud, (error) => failureOf(error, cloud)),
  )

  app.notFound((c) =>
    replyWithFailure(c, new ApiFailure(404, 'not_found', 'There is nothing at this address.')),
  )
  app.onError((error, c) => replyWithFailure(c, failureOf(error, cloud)))
  return app
}

/** Pages say themselves what a browser may do with them. */
const hasOwnHeaders = (path: string) => /^\/(app|fleet)(\/|$)/.test(path)

/** The one place where what went wrong becomes an answer; what a client cannot use is only logged. */
function failureOf(error: Error, { log }: Cloud): ApiFailure {
  if (error instanceof ApiFailure) return error
  if (error instanceof LineFull) return tooMany(error.retryAfterSeconds)
  if (error instanceof HTTPException && error.status < 500) {
    const isOtherType = error.status === 415
    const message = isOtherType ? 'The body must be sent as application/json.' : 'The body is not valid JSON.'
    return new ApiFailure(error.status, 'malformed', message)
  }
  if (isOutage(error) || error instanceof Overloaded) {
    const isBusy = error instanceof Overloaded
    log.warn({ problem: error.message }, isBusy ? 'the ledger takes no more for now' : 'the database is away')
    return outage(isBusy ? `The ledger takes no more for now: ${error.message}.` : undefined)
  }
  log.error({ err: error }, 'a request met a bug')
  return new ApiFailure(
    500,
    'internal',
    'Something is wrong with the server. Send the same operations again later.',
  )
}

function outage(what = 'The database is away.'): ApiFailure {
  const message = `${what} Send the same operations again, with the same ids.`
  return new ApiFailure(503, 'unavailable', message, { retryAfterSeconds: OUTAGE_RETRY_SECONDS })
}
