import { OpenAPIHono } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { timeout } from 'hono/timeout'
import type { Logger } from 'pino'
import type { Operator } from '../shared/consent.ts'
import { SECOND } from '../shared/time.ts'
import type { Codes } from './access/people/codes.ts'
import type { LookupCounts } from './access/registers/lookupCounts.ts'
import { createSignInQueue, SignInQueueFull } from './access/staff/signInQueue.ts'
import { ActError, InputError } from './acts/act.ts'
import { telegramRoutes } from './bot/receive/route.ts'
import type { Webhook } from './bot/run.ts'
import { actRoutes } from './console/routes/acts.ts'
import { auditLogRoutes } from './console/routes/auditLog.ts'
import { bookRoutes } from './console/routes/books.ts'
import { campaignRoutes } from './console/routes/campaigns.ts'
import { consoleCustomerRoutes } from './console/routes/customers.ts'
import { discrepancyRoutes } from './console/routes/discrepancies.ts'
import { homeRoutes } from './console/routes/home.ts'
import { consolePages } from './console/routes/pages.ts'
import { placeRoutes } from './console/routes/places.ts'
import { proposalRoutes } from './console/routes/proposals.ts'
import { referralRoutes } from './console/routes/referrals.ts'
import { consoleRegisterRoutes } from './console/routes/registers.ts'
import { reportRoutes } from './console/routes/reports.ts'
import { segmentRoutes } from './console/routes/segments.ts'
import { sessionRoutes } from './console/routes/session.ts'
import { staffRoutes } from './console/routes/staff.ts'
import { statusRoutes } from './console/routes/statuses.ts'
import { consoleVoucherRoutes } from './console/routes/vouchers.ts'
import type { Sql } from './database/connect.ts'
import { isOutage } from './database/outage.ts'
import { diagnosticsRoutes } from './fleet/routes/diagnostics.ts'
import { enrolRoutes } from './fleet/routes/enrol.ts'
import { fleetPages } from './fleet/routes/pages.ts'
import { registerRoutes } from './fleet/routes/register.ts'
import { boundBody } from './http/body.ts'
import type { BuiltFiles } from './http/builtFiles.ts'
import type { Doors, Env } from './http/context.ts'
import { docsRoutes } from './http/docs/docs.ts'
import { ApiFailure, malformed, replyWithFailure, tooMany } from './http/errors.ts'
import { frontRoutes } from './http/front.ts'
import { ANSWER_WITHIN_MS } from './http/givenUp.ts'
import { healthRoutes } from './http/health.ts'
import { logRequest, logRequests, openRequestLog } from './http/log.ts'
import { headersOf, pageHeaders } from './http/pageHeaders.ts'
import { assetRoutes } from './http/pages/assets.ts'
import { soundAddress } from './http/soundAddress.ts'
import { Overloaded, type Queue } from './ledger/queue.ts'
import { customerRoutes } from './ledger/routes/customers.ts'
import { createDirectDoor, type DirectDoor } from './ledger/routes/directDoor.ts'
import { oldAgentRoutes } from './ledger/routes/oldAgent.ts'
import { OPERATIONS_PATH, operationRoutes } from './ledger/routes/operations.ts'
import { parkedRoutes } from './ledger/routes/parked.ts'
import { purchaseRoutes } from './ledger/routes/purchases.ts'
import { measureRequests } from './metrics/measure.ts'
import type { Meters } from './metrics/meters.ts'
import { type Exposition, metricsRoute } from './metrics/route.ts'
import { joinRoutes } from './people/routes/joins.ts'
import { meRoutes } from './people/routes/me.ts'
import { portalRoutes } from './portal/server/routes.ts'
import { updateRoutes } from './updates/feed.ts'
import type { FileStore } from './updates/fileStore.ts'
import { voucherRoutes } from './vouchers/routes/vouchers.ts'

const OUTAGE_RETRY_SECONDS = 2

/** What the routes need, each of it a part. */
export interface Cloud extends Doors {
  /** The database for who is signed in: what takes them seconds is in the way of no till. */
  ofOffice: Sql
  queue: Queue
  codes: Codes
  log: Logger
  /** Where the files of the kiosk's releases lie. */
  updates: Pick<FileStore, 'read'>
  /** The cloud ends: a download, which may take minutes, does not hold it up. */
  stopping: AbortSignal
  /** Overrides the programme's hold time. */
  holdSeconds: number | undefined
  /** What customers know the chain by. */
  chainName: string
  /** Of the shops. */
  timeZone: string
  /** Where customers are helped with what a shop cannot do, if somebody has said so. */
  supportContact: string | undefined
  /** The operator of the customers' data; without one no new customer can join. */
  operator: Operator | undefined
  /** Where customers join, if somebody has said so. */
  joinUrl: string | undefined
  /** Takes what Telegram posts; null where the bot fetches it, or there is none. */
  webhook: Webhook | null
  /** As Telegram knows the bot; null where there is none, or it has not said yet. */
  botName(): string | null
  /** Where the world reaches this cloud, if somebody has said so. */
  publicUrl: string | undefined
  /** The built Mini App; null where there is none. */
  portal: BuiltFiles | null
  /** The built console; null where it was never built. */
  consoleApp: BuiltFiles | null
  meters: Meters
  /** Null where Prometheus may not ask on the port of the API. */
  exposition: Exposition | null
  /** How many cards each register looks up. */
  lookups: LookupCounts
}

const apiHeaders = pageHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'unsafe-inline'"] },
})

/** Where the sales of registers come in, beside the app. */
export async function openDirectDoor(cloud: Cloud): Promise<DirectDoor> {
  const { meters } = cloud
  const requestLog = openRequestLog(cloud.log)
  const route = { method: 'POST', pattern: OPERATIONS_PATH }
  return createDirectDoor({
    ...cloud,
    headers: await headersOf(apiHeaders),
    failureOf: (error) => failureOf(error, cloud),
    answerWithin: { milliseconds: ANSWER_WITHIN_MS, tooLate: () => outage() },
    tell(request) {
      const { status, startedAt } = request
      meters.requestAnswered({ route, status, seconds: (performance.now() - startedAt) / SECOND })
      logRequest(requestLog, request)
    },
  })
}

/** The HTTP face of the cloud. It needs no socket: tests call `app.request()`. */
export function createApp(cloud: Cloud) {
  const app = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw malformed(result.error)
    },
  })
  app.use(measureRequests(cloud.meters))
  app.use(logRequests(cloud.log))
  app.use((c, next) => (hasOwnHeaders(c.req.path) ? next() : apiHeaders(c, next)))
  app.use(timeout(ANSWER_WITHIN_MS, () => outage()))
  app.use(soundAddress)
  app.use(boundBody)

  healthRoutes(app, cloud)
  enrolRoutes(app, cloud)
  registerRoutes(app, cloud)
  customerRoutes(app, cloud)
  operationRoutes(app, cloud)
  voucherRoutes(app, cloud)
  purchaseRoutes(app, cloud)
  parkedRoutes(app, cloud)
  diagnosticsRoutes(app, cloud)
  oldAgentRoutes(app, cloud)
  telegramRoutes(app, cloud)
  updateRoutes(app, cloud)
  meRoutes(app, cloud)
  joinRoutes(app, cloud)
  portalRoutes(app, cloud)
  const office = { ...cloud, sql: cloud.ofOffice }
  sessionRoutes(app, office)
  actRoutes(app, office)
  proposalRoutes(app, office)
  auditLogRoutes(app, office)
  staffRoutes(app, office)
  consoleCustomerRoutes(app, office)
  discrepancyRoutes(app, office)
  placeRoutes(app, office)
  homeRoutes(app, office)
  reportRoutes(app, office)
  referralRoutes(app, office)
  bookRoutes(app, office)
  campaignRoutes(app, office)
  segmentRoutes(app, office)
  consoleVoucherRoutes(app, office)
  statusRoutes(app, office)
  consoleRegisterRoutes(app, office)
  docsRoutes(app)
  assetRoutes(app)
  frontRoutes(app, cloud)
  if (cloud.exposition) metricsRoute(app, cloud.exposition)
  const signingIn = { ...office, signInQueue: createSignInQueue() }
  app.route(
    '/fleet',
    fleetPages(signingIn, (error) => failureOf(error, cloud)),
  )
  app.route(
    '/console',
    consolePages(signingIn, (error) => failureOf(error, cloud)),
  )

  app.notFound((c) =>
    replyWithFailure(c, new ApiFailure(404, 'not_found', 'There is nothing at this address.')),
  )
  app.onError((error, c) => replyWithFailure(c, failureOf(error, cloud)))
  return app
}

/** Pages say themselves what a browser may do with them. */
const hasOwnHeaders = (path: string) => /^\/(app|console|fleet)(\/|$)/.test(path)

/** Of an act that was not done; what is not named here does not go with how things are. */
const STATUS_OF: Record<string, 403 | 404 | undefined> = { not_allowed: 403, out_of_sight: 404 }

/** The one place where what went wrong becomes an answer; what a client cannot use is only logged. */
function failureOf(error: Error, { log }: Cloud): ApiFailure {
  if (error instanceof ApiFailure) return error
  if (error instanceof SignInQueueFull) return tooMany(error.retryAfterSeconds)
  if (error instanceof HTTPException && error.status < 500) {
    const isOtherType = error.status === 415
    const message = isOtherType ? 'The body must be sent as application/json.' : 'The body is not valid JSON.'
    return new ApiFailure(error.status, 'malformed', message)
  }
  if (error instanceof InputError) return new ApiFailure(400, 'malformed', error.message)
  if (error instanceof ActError)
    return new ApiFailure(STATUS_OF[error.code] ?? 409, error.code, error.message)
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
