import { schedule } from 'node-cron'
import type { Logger } from 'pino'
import { type Instant, SECOND } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { isOutage } from '../database/outage.ts'
import type { Job } from './job.ts'
import { runJob } from './run.ts'

type JobEnd = 'done' | 'skipped' | 'failed'

/** Told of the end of every run. */
export interface JobMeters {
  jobEnded(fact: { job: string; result: JobEnd; seconds: number }): void
}

/** When each job runs: an expression of cron, in UTC. */
export type Timetable = { at: string; job: Job }[]

interface Setting {
  sql: Sql
  now: () => Instant
  log: Logger
  holdSeconds: number | undefined
  meters: JobMeters
}

/** Every process has the timetable; the lock of a job lets one of them do it. */
export function startJobs(
  timetable: Timetable,
  { sql, now, log, holdSeconds, meters }: Setting,
): {
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

  function start({ at, job }: Timetable[number]) {
    const track = () => {
      const run_ = run(job).finally(() => running.delete(run_))
      running.add(run_)
      return run_
    }
    return schedule(at, track, { timezone: 'UTC', noOverlap: true, logger: cronLogger(log) })
  }

  const tasks = timetable.map(start)
  return {
    async stop() {
      stopping.abort()
      for (const task of tasks) await task.destroy()
      await Promise.all(running)
    },
  }
}

/** A late or skipped run does no harm: the next one does its work. */
function cronLogger(log: Logger) {
  const debug = (message: string | Error) => log.debug(String(message))
  return { info: debug, warn: debug, debug, error: (message: string | Error) => log.error(String(message)) }
}
