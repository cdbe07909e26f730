import { type Instant, MINUTE } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { factsCheckJob } from '../insight/facts/jobs.ts'
import { auditJob } from '../jobs/audit.ts'
import { expireJob } from '../jobs/expire.ts'
import { pruneJob } from '../jobs/prune.ts'
import { failedJobs } from '../jobs/record.ts'
import { remindJob } from '../jobs/remind.ts'
import { retentionJob } from '../jobs/retention.ts'
import { STATUSES } from '../statuses/reader.ts'

/** A job that runs every few seconds leaves no word of going well; after so long it does. */
const FAILURE_OVER_MS = 60 * MINUTE

/** Those of which a run that fails is made good by the next night at the earliest. */
const DAILY = [
  ...[expireJob, retentionJob, pruneJob, auditJob, factsCheckJob, remindJob].map(({ name }) => name),
  STATUSES,
]

export type Failure = Awaited<ReturnType<typeof failedJobs>>[number]

/** Jobs that failed, as long as nothing says that they go well again. */
export async function readFailures(sql: Sql, now: Instant): Promise<Failure[]> {
  const failed = await failedJobs(sql, now)
  return failed.filter(({ job, failedAt }) => DAILY.includes(job) || now - failedAt < FAILURE_OVER_MS)
}
