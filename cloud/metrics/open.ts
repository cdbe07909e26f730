import type { Logger } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { type Listening, listen } from '../listen.ts'
import { type Meters, unread } from './meters.ts'
import { createMetrics } from './metrics.ts'
import { type Exposition, metricsApp } from './route.ts'

interface Settings {
  host: string
  metricsPort?: number | undefined
  metricsToken?: string | undefined
}

interface Around {
  sql: Sql
  now: () => Instant
  log: Logger
  waitingOperations: () => number
}

interface OpenMetrics {
  meters: Meters
  /** On the port of the API; null without a token, because everybody reaches that port. */
  exposition: Exposition | null
  /** The port of their own. */
  server: Listening | null
}

/** Without a port or a token for the metrics nothing is counted. */
export async function openMetrics(settings: Settings, around: Around): Promise<OpenMetrics> {
  const { host, metricsPort: port, metricsToken: token } = settings
  if (port === undefined && token === undefined) return { meters: unread, exposition: null, server: null }
  const metrics = createMetrics(around)
  const exposition = { metrics, token }
  const own = port === undefined ? null : { host, port, setting: 'METRICS_PORT' }
  return {
    meters: metrics.meters,
    exposition: token === undefined ? null : exposition,
    server: own && (await listen(metricsApp(exposition).fetch, own)),
  }
}
