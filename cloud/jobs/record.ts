import { DAY, type Instant, toIso } from '../../shared/time.ts'
import { logChange } from '../access/auditLog.ts'
import type { Sql } from '../database/connect.ts'
import type { JobResult } from './job.ts'

export async function startRun(
  sql: Sql,
  { job, now, who }: { job: string; now: Instant; who: string | undefined },
): Promise<number> {
  return await sql.begin(async (sql) => {
    const [row] = await sql<{ id: number }[]>`
      insert into job_runs (job, run_for) values (${job}, ${toIso(now)}) returning id`
    if (!row) throw new Error('the run was not recorded')
    if (who)
      await logChange(sql, {
        who,
        action: 'job run',
        subject: `job ${job}`,
        after: { now: toIso(now), run: row.id },
      })
    return row.id
  })
}

export async function finishRun(
  sql: Sql,
  run: number,
  { result, error }: { result: JobResult | null; error: string | null },
): Promise<void> {
  await sql`
    update job_runs set finished_at = now(), result = ${result && sql.json(result)}, error = ${error}
    where id = ${run}`
}

const RUNS_KEPT_DAYS = 400
const RUNS_AT_ONCE = 5000

/** Old runs tell nobody anything; those of the sweep are many. Returns how many it removed. */
export async function forgetRuns(sql: Sql, now: Instant): Promise<number> {
  let forgotten = 0
  for (;;) {
    const { count } = await sql`
      delete from job_runs where id in (
        select id from job_runs where started_at < ${toIso(now - RUNS_KEPT_DAYS * DAY)} limit ${RUNS_AT_ONCE})`
    forgotten += count
    if (count < RUNS_AT_ONCE) return forgotten
  }
}
