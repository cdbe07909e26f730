import type { Sql } from '../database/connect.ts'
import { neverCommit, tryLock } from '../database/locks.ts'
import type { Job, JobContext, JobResult } from './job.ts'
import { finishRun, recordStart, STOPPED } from './record.ts'

export type Run<Result extends JobResult = JobResult> =
  | { status: 'done'; result: Result }
  | { status: 'skipped' }

type RunContext = JobContext & {
  /** Records the start, where there is more to be written than usual: which person started it by hand. */
  start?: () => Promise<number>
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
  { start = () => recordStart(sql, { job: job.name, now: context.now }), ...context }: RunContext,
): Promise<Result> {
  let run = job.isOftenIdle || job.isContinuous ? null : await start()
  try {
    const result = await job.work(sql, context)
    const isWorthARecord = !job.isContinuous && Object.values(result).some((count) => count > 0)
    if (isWorthARecord) run ??= await start()
    if (run) await finishRun(sql, run, { result, error: context.signal?.aborted ? STOPPED : null })
    return result
  } catch (error) {
    run ??= await start()
    await finishRun(sql, run, { result: null, error: (error as Error).message })
    throw error
  }
}
