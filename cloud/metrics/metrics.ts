import type { Logger } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { createCounters } from './counters.ts'
import { gaugesOf } from './gauges.ts'
import { readPatiently } from './patience.ts'
import { readStanding } from './standing.ts'

interface Around {
  sql: Sql
  now: () => Instant
  log: Logger
  waitingOperations: () => number
}

export type Metrics = ReturnType<typeof createMetrics>

/** What Prometheus reads: what this process did, and how the chain stands where the database answers. */
export function createMetrics({ sql, now, log, waitingOperations }: Around) {
  const { meters, lastDone, text } = createCounters({ now, waitingOperations })
  const standing = readPatiently({
    read: () => readStanding(sql, now()),
    onFailure: (error) => log.warn({ problem: error.message }, 'the metrics are without the database'),
  })
  return {
    meters,
    async read(): Promise<string> {
      const gauges = await gaugesOf(await standing(), lastDone)
      return `${(await text()).trimEnd()}\n${gauges}`
    },
  }
}
