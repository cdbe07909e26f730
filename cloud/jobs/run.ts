import type { Sql } from '../database/connect.ts'
import { neverCommit, tryLock } from '../database/locks.ts'
import type { Job, JobContext, JobResult } from './job.ts'
import { finishRun, STOPPED, startRun } from './record.ts'

export type Run<Result extends JobResult = JobResult> =
  | { status: 'done'; result: Result }
  | { status: 'skipped' }

type RunContext = JobContext & {
  /** Who started it by hand. */
  who?: string
}

/** Runs a job unless it is for one process and another is at it, and records how it went. */
export async function runJob<Result extends JobResult>(
  sql: Sql,
  job: Job<Result>,
  context: RunContext,
): Promise<Run<Result>> {
  if (job.isOfProcess) return { status: 'done', result: await runRecorded(sql, job, context) }
  const running: Promise<Result>[] = []
  let isLockLost = false
  try {
    await sql.begin(async (lock) => {
      if (!(await tryLock(lock, `job ${job.name}`, { idleMs: 0 }))) return
      running.push(runRecorded(sql, job, context))
      await Promise.allSettled(running)
      if (isLockLost) await neverCommit()
    })
  } catch (error) {
    // A lock whose connection breaks does not stop the work, which is safe without it.
    if (running.length === 0) throw error
    isLockLost = true
  }
  const [work] = running
  return work ? { status: 'done', result: await work } : { status: 'skipped' }
}

async function runRecorded<Result extends JobResult>(
  sql: Sql,
  job: Job<Result>,
  { who, ...context }: RunContext,
): Promise<Result> {
  const started = { job: job.name, now: context.now, who }
  let run = job.isOftenIdle || job.isContinuous ? null : await startRun(sql, started)
  try {
    const result = await job.work(sql, context)
    const isWorthARecord = !job.isContinuous && Object.values(result).some((count) => count > 0)
    if (isWorthARecord) run ??= await startRun(sql, started)
    if (run) await finishRun(sql, run, { result, error: context.signal?.aborted ? STOPPED : null })
    return result
  } catch (error) {
    run ??= await startRun(sql, started)
    await finishRun(sql, run, { result: null, error: (error as Error).message })
    throw error
  }
}
