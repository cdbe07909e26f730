import { DAY, type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { forgetOldLookups } from '../access/registers/lookupCounts.ts'
import { forgetOldAttempts } from '../access/staff/attempts.ts'
import { forgetOldSessions } from '../access/staff/sessions.ts'
import type { Sql } from '../database/connect.ts'
import { readBusyCards, readRegisterActivity } from '../fleet/activity.ts'
import {
  type Alert,
  beginAlerts,
  endAlerts,
  forgetOldAlerts,
  markTold,
  untoldAlerts,
} from '../fleet/alerts.ts'
import { messageOf, type Tell } from '../fleet/chat.ts'
import { type Facts, findingsOf, keyOf } from '../fleet/findings.ts'
import { readFleet } from '../fleet/read.ts'
import { readThresholds } from '../fleet/thresholds.ts'
import { factsCheckJob } from '../insight/facts/jobs.ts'
import { readSettings } from '../ledger/programme.ts'
import { auditJob } from './audit.ts'
import { expireJob } from './expire.ts'
import type { Job, JobContext } from './job.ts'
import { pruneJob } from './prune.ts'
import { remindJob } from './remind.ts'
import { retentionJob } from './retention.ts'
import { STOPPED } from './run.ts'

const KEPT_MS = 90 * DAY

/** Looks for what IT should know of: each thing begins once, ends once, and is told of both. */
export function createAlertsJob(tell: Tell | null): Job<AlertsResult> {
  return { name: 'alerts', isOftenIdle: true, work: (sql, context) => alertWith(sql, context, tell) }
}

type AlertsResult = { begun: number; ended: number; told: number }

async function alertWith(sql: Sql, context: JobContext, tell: Tell | null): Promise<AlertsResult> {
  const { now, log } = context
  const { alerts: open, ...facts } = await readFacts(sql, now)
  const findings = findingsOf({ ...facts, open }, now)
  const found = new Set(findings.map(keyOf))
  const known = new Set(open.map(keyOf))
  const begun = await beginAlerts(
    sql,
    findings.filter((finding) => !known.has(keyOf(finding))),
    now,
  )
  const over = open.filter((alert) => !found.has(keyOf(alert)))
  const ended = await endAlerts(
    sql,
    over.map(({ id }) => id),
    now,
  )
  for (const alert of begun) log?.[levelOf(alert)](wordsOf(alert), 'an alert began')
  for (const alert of ended) log?.[levelOf(alert)](wordsOf(alert), 'an alert is over')

  const told = tell ? await tellUntold(sql, context, tell) : 0
  await forgetOldAlerts(sql, now - KEPT_MS)
  await forgetOldSessions(sql, now)
  await forgetOldAttempts(sql, now)
  await forgetOldLookups(sql, now - DAY)
  return { begun: begun.length, ended: ended.length, told }
}

const levelOf = ({ kind }: Alert) => (kind === 'audit' || kind === 'job' ? 'error' : 'warn')
const wordsOf = ({ kind, where, what }: Alert) => ({ kind, where, what })

/** What does not get through is told with the next run. A process that dies in between tells it twice. */
async function tellUntold(sql: Sql, { now, log }: JobContext, tell: Tell): Promise<number> {
  const untold = await untoldAlerts(sql)
  if (untold.length === 0) return 0
  try {
    await tell(messageOf(untold))
  } catch (error) {
    log?.warn(
      { problem: (error as Error).message },
      'the chat of IT was not reached; the alerts are told later',
    )
    return 0
  }
  await markTold(sql, untold, now)
  return untold.length
}

async function readFacts(sql: Sql, now: Instant) {
  const { registers, alerts } = await readFleet(sql, now)
  const thresholds = await readThresholds(sql)
  const settings = await readSettings(sql)
  return {
    registers,
    alerts,
    discrepancies: await openDiscrepancies(sql),
    jobs: await failedJobs(sql, now),
    activity: await readRegisterActivity(sql, now),
    busyCards: await readBusyCards(sql, { above: thresholds.alert_purchases_a_card_a_day, now }),
    thresholds,
    maxOpenHolds: settings.max_open_holds,
  }
}

/** A late apply names its hold, and the hold its register. */
async function openDiscrepancies(sql: Sql): Promise<Facts['discrepancies']> {
  return await sql<Facts['discrepancies']>`
    select kind, coalesce(details->>'registerId', holds.register_id::text)::int as "registerId", count(*)
    from discrepancies
    left join holds on discrepancies.kind = 'late_apply' and holds.customer_id = discrepancies.customer_id
      and holds.id::text = discrepancies.reference
    where settled_at is null
    group by 1, 2
    order by 1, 2`
}

const DAILY = [expireJob, retentionJob, pruneJob, auditJob, factsCheckJob, remindJob].map(({ name }) => name)

/** No run takes so long: one without an end died with its process. */
const LONGEST_RUN_MS = 6 * 60 * MINUTE
const DIED = 'its process died while it ran'

/**
 * Those whose latest run ended badly, or not at all. One that its process stopped goes on by itself. By steps
 * from name to name, because the index has many runs of few jobs.
 */
async function failedJobs(sql: Sql, now: Instant): Promise<Facts['jobs']> {
  const rows = await sql<{ job: string; error: string; failedAt: Instant }[]>`
    with recursive names as (
      (select job from job_runs order by job limit 1)
      union all
      select (select job_runs.job from job_runs where job_runs.job > names.job order by job limit 1)
      from names where names.job is not null)
    select names.job, error, ended_at as "failedAt"
    from names cross join lateral (
      select coalesce(finished_at, started_at) as ended_at,
        case when finished_at is null then ${DIED} else error end as error
      from job_runs
      where job_runs.job = names.job
        and (finished_at is not null or started_at < ${toIso(now - LONGEST_RUN_MS)})
      order by started_at desc limit 1) latest
    where error is not null and error <> ${STOPPED}`
  return rows.map((row) => ({ ...row, isDaily: DAILY.includes(row.job) }))
}
