import { DAY, type Instant, MINUTE, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { JobResult } from './job.ts'

export async function recordStart(
  sql: Sql | Tx,
  { job, now }: { job: string; now: Instant },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    insert into job_runs (job, run_for) values (${job}, ${toIso(now)}) returning id`
  if (!row) throw new Error('the run was not recorded')
  return row.id
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

/** The names of all jobs that ever ran. Found by steps from name to name, because the index has many runs of few jobs. */
const jobNames = (sql: Sql) => sql`
  with recursive names as (
    (select job from job_runs order by job limit 1)
    union all
    select (select job_runs.job from job_runs where job_runs.job > names.job order by job limit 1)
    from names where names.job is not null)`

/** When each job last ended well. A run that found nothing to do is not recorded. */
export async function lastSuccesses(sql: Sql): Promise<{ job: string; at: Instant }[]> {
  return await sql<{ job: string; at: Instant }[]>`
    ${jobNames(sql)}
    select names.job, latest.at
    from names cross join lateral (
      select finished_at as at from job_runs
      where job_runs.job = names.job and finished_at is not null and error is null
      order by started_at desc limit 1) latest`
}

/** No run takes so long: one that has not ended by then died with its process. */
const LONGEST_RUN_MS = 6 * 60 * MINUTE
const DIED = 'its process died while it ran'
export const STOPPED = 'stopped before the end with its process; the next run goes on'

/** Jobs whose latest run ended badly, or not at all. One that its process stopped goes on by itself. */
export async function failedJobs(
  sql: Sql,
  now: Instant,
): Promise<{ job: string; error: string; failedAt: Instant }[]> {
  return await sql<{ job: string; error: string; failedAt: Instant }[]>`
    ${jobNames(sql)}
    select names.job, error, ended_at as "failedAt"
    from names cross join lateral (
      select coalesce(finished_at, started_at) as ended_at,
        case when finished_at is null then ${DIED} else error end as error
      from job_runs
      where job_runs.job = names.job
        and (finished_at is not null or started_at < ${toIso(now - LONGEST_RUN_MS)})
      order by started_at desc limit 1) latest
    where error is not null and error <> ${STOPPED}`
}

const RUNS_KEPT_DAYS = 400
const RUNS_AT_ONCE = 5000

/** Old runs are of no use, and those of the sweep are many. Returns how many it removed. */
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
