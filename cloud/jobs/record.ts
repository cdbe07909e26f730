import { DAY, type Instant, toIso } from '../../shared/time.ts'
import { logChange } from '../auditLog.ts'
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

/**
 * When each job last ended well. By steps from name to name, because the index has many runs of few jobs. A run that
 * found nothing to do is not recorded.
 */
export async function lastSuccesses(sql: Sql): Promise<{ job: string; at: Instant }[]> {
  return await sql<{ job: string; at: Instant }[]>`
    with recursive names as (
      (select job from job_runs order by job limit 1)
      union all
      select (select job_runs.job from job_runs where job_runs.job > names.job order by job limit 1)
      from names where names.job is not null)
    select names.job, latest.at
    from names cross join lateral (
      select finished_at as at from job_runs
      where job_runs.job = names.job and finished_at is not null and error is null
      order by started_at desc limit 1) latest`
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
