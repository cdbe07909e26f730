import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { type Outcome, operationKindSchema } from '../../shared/operation.ts'
import { refusalCodes } from '../../shared/refusal.ts'
import type { Instant } from '../../shared/time.ts'
import type { Meters } from './meters.ts'

const PREFIX = 'kopilka_'
/** Gauges that the library names as if they were counters; the same without `_total` are there by kind. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`)
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 12]
const GROUP_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 20]
const GROUP_OPERATIONS = [1, 2, 5, 10, 20, 50, 100, 200, 350, 500]
const JOB_SECONDS = [0.01, 0.1, 1, 10, 60, 600, 3600]

interface Around {
  now: () => Instant
  /** Of the queue of this process. */
  waitingOperations: () => number
}

/** What this process did. Labels come from closed lists: no card, no id, no name and no path is ever one. */
export function createCounters({ now, waitingOperations }: Around) {
  const register = new Registry()
  const of = <Label extends string>(name: string, help: string, ...labelNames: Label[]) => ({
    name: PREFIX + name,
    help,
    labelNames,
    registers: [register],
  })
  collectDefaultMetrics({ register, prefix: PREFIX })
  for (const name of MISNAMED) register.removeSingleMetric(PREFIX + name)

  const requests = new Histogram({
    ...of(
      'http_request_seconds',
      'Time to answer a request, by the pattern of its route.',
      'method',
      'route',
      'status',
    ),
    buckets: REQUEST_SECONDS,
  })
  const groupSeconds = new Histogram({
    ...of('ledger_group_seconds', 'Time of a committed transaction of the ledger, with its round trips.'),
    buckets: GROUP_SECONDS,
  })
  const groupOperations = new Histogram({
    ...of('ledger_group_operations', 'Operations that went together in one transaction of the ledger.'),
    buckets: GROUP_OPERATIONS,
  })
  const failedGroups = new Counter(
    of('ledger_group_failures_total', 'Transactions of the ledger that ended in an error; each try counts.'),
  )
  const operations = new Counter(
    of('operations_total', 'Operations that were answered, by kind and outcome.', 'kind', 'outcome'),
  )
  const refusals = new Counter(of('refusals_total', 'Operations that were refused, by the reason.', 'code'))
  const jobRuns = new Counter(of('job_runs_total', 'Runs of a job in this process.', 'job', 'result'))
  const jobSeconds = new Histogram({
    ...of('job_seconds', 'Time of a run of a job in this process.', 'job'),
    buckets: JOB_SECONDS,
  })
  new Gauge({
    ...of('ledger_waiting_operations', 'Operations that wait in this process for their transaction.'),
    collect() {
      this.set(waitingOperations())
    },
  })

  // A rate is known from the first event on only where the zero before it was told.
  for (const kind of operationKindSchema.options)
    for (const outcome of ['accepted', 'refused', 'replayed']) operations.inc({ kind, outcome }, 0)
  for (const code of refusalCodes) refusals.inc({ code }, 0)

  function countOutcomes(outcomes: Outcome[]): void {
    for (const outcome of outcomes) {
      const isKnown = operationKindSchema.safeParse(outcome.kind).success
      const kind = isKnown && outcome.kind ? outcome.kind : 'unknown'
      operations.inc({ kind, outcome: outcome.replay ? 'replayed' : outcome.status })
      if (outcome.status === 'refused' && !outcome.replay) refusals.inc({ code: outcome.code })
    }
  }

  const lastDone = new Map<string, Instant>()
  const meters: Meters = {
    requestAnswered({ route, status, seconds }) {
      const labels = { method: route?.method ?? 'none', route: route?.pattern ?? 'none' }
      requests.observe({ ...labels, status: `${Math.floor(status / 100)}xx` }, seconds)
    },
    groupCommitted({ outcomes, seconds }) {
      groupSeconds.observe(seconds)
      groupOperations.observe(outcomes.length)
      countOutcomes(outcomes)
    },
    groupFailed: () => failedGroups.inc(),
    refusedAtTheDoor: countOutcomes,
    jobEnded({ job, result, seconds }) {
      jobRuns.inc({ job, result })
      if (result === 'skipped') return
      jobSeconds.observe({ job }, seconds)
      if (result === 'done') lastDone.set(job, now())
    },
  }
  return {
    meters,
    /** When each job last went well here. A job that found nothing to do leaves its word only with us. */
    lastDone,
    text: () => register.metrics(),
  }
}
