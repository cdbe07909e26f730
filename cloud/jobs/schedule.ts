import { schedule } from 'node-cron'
import type { Logger } from 'pino'
import { type Instant, SECOND } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { isOutage } from '../database/outage.ts'
import type { Tell } from '../fleet/chat.ts'
import { createFactsJob, factsCheckJob } from '../insight/facts/jobs.ts'
import type { JobEnd, Meters } from '../metrics/meters.ts'
import { createAlertsJob } from './alerts.ts'
import { auditJob } from './audit.ts'
import { createErasuresJob } from './erasures.ts'
import { expireJob } from './expire.ts'
import type { Job } from './job.ts'
import { pruneJob } from './prune.ts'
import { remindJob } from './remind.ts'
import { retentionJob } from './retention.ts'
import { runJob } from './run.ts'
import { sweepJob } from './sweep.ts'

interface Setting {
  sql: Sql
  now: () => Instant
  log: Logger
  holdSeconds: number | undefined
  /** Of the shops. */
  timeZone: string
  /** To the chat of IT, where there is one. */
  tell: Tell | null
  /** The list of erasures outside of the database. */
  erasuresFile: string
  meters: Meters
}

/** Every process has the timetable; the lock of a job lets one of them do it. */
export function startJobs({ sql, now, log, holdSeconds, timeZone, tell, erasuresFile, meters }: Setting): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()

  async function run(job: Job): Promise<void> {
    const startedAt = performance.now()
    const result = await runLogged(job)
    meters.jobEnded({ job: job.name, result, seconds: (performance.now() - startedAt) / SECOND })
  }

  async function runLogged(job: Job): Promise<JobEnd> {
    const jobLog = log.child({ job: job.name })
    const context = { now: now(), log: jobLog, holdSeconds, signal: stopping.signal }
    try {
      const outcome = await runJob(sql, job, context)
      const level = job.isOftenIdle || job.isContinuous ? 'debug' : 'info'
      if (outcome.status === 'done') jobLog[level]({ result: outcome.result }, 'the job is done')
      else jobLog[level]('the job is skipped: another process is at it')
      return outcome.status
    } catch (error) {
      if (isOutage(error))
        jobLog.warn({ problem: (error as Error).message }, 'the job failed: the database is away')
      else jobLog.error({ err: error }, 'the job failed')
      return 'failed'
    }
  }

  function at(expression: string, job: Job) {
    const track = () => {
      const run_ = run(job).finally(() => running.delete(run_))
      running.add(run_)
      return run_
    }
    return schedule(expression, track, { timezone: 'UTC', noOverlap: true, logger: cronLogger(log) })
  }

  const tasks = [
    at('0 2 * * *', expireJob),
    at('0 3 * * *', retentionJob),
    at('30 3 * * *', pruneJob),
    at('0 4 * * *', auditJob),
    at('30 4 * * *', factsCheckJob),
    // In the daytime of those who are reminded: 10:00 in Moscow.
    at('0 7 * * *', remindJob),
    at('*/5 * * * * *', sweepJob),
    at('*/10 * * * * *', createErasuresJob(erasuresFile)),
    at('*/5 * * * * *', createFactsJob(timeZone)),
    at('30 * * * * *', createAlertsJob(tell)),
  ]
  return {
    async stop() {
      stopping.abort()
      for (const task of tasks) await task.destroy()
      await Promise.all(running)
    },
  }
}

/** A late or skipped run is nothing to worry about: the next one does what it left. */
function cronLogger(log: Logger) {
  const debug = (message: string | Error) => log.debug(String(message))
  return { info: debug, warn: debug, debug, error: (message: string | Error) => log.error(String(message)) }
}
