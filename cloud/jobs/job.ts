import type { Logger } from 'pino'
import type { Instant } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'

/** The context of every job; `now` is a value, so that a run can be rehearsed and repeated. */
export interface JobContext {
  now: Instant
  log?: Logger | undefined
  /** Overrides the programme's hold time. */
  holdSeconds?: number | undefined
  /** Asks the job to end after the batch it is at; the next run goes on from there. */
  signal?: AbortSignal | undefined
}

export type JobResult = Record<string, number>

export interface Job<Result extends JobResult = JobResult> {
  name: string
  work(sql: Sql, context: JobContext): Promise<Result>
  /** A run that found nothing to do leaves no record: it happens every few seconds. */
  isOftenIdle?: boolean
  /** The job looks after something of its own process, so each process runs it. */
  isOfProcess?: boolean
  /** A run leaves a record only where it failed: it is always at something, every few seconds. */
  isContinuous?: boolean
}
