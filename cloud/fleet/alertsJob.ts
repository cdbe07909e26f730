import { DAY, DEFAULT_TIME_ZONE, type Instant } from '../../shared/time.ts'
import { forgetOldLookups } from '../access/registers/lookupCounts.ts'
import { forgetOldAttempts } from '../access/staff/attempts.ts'
import { forgetOldChallenges } from '../access/staff/passkeys.ts'
import { forgetOldSessions } from '../access/staff/sessions.ts'
import { readUnreviewed } from '../acts/proposalList.ts'
import type { Sql } from '../database/connect.ts'
import type { Job, JobContext } from '../jobs/job.ts'
import { readFlaggedDays, readReachedBudgets } from '../ledger/readBudgets.ts'
import { readUsual } from '../ledger/thresholds.ts'
import { readBusyCards, readGivers, readManyCards, readMergers, readRegisterActivity } from './activity.ts'
import { type Alert, beginAlerts, endAlerts, forgetOldAlerts, markTold, untoldAlerts } from './alerts.ts'
import { messageOf, type Tell } from './chat.ts'
import { readFailures } from './failures.ts'
import { type Facts, findingsOf, keyOf } from './findings.ts'
import { readFleet } from './read.ts'

const KEPT_MS = 90 * DAY

/** Looks for what IT should know of: each thing begins once, ends once, and is told of both. */
export function createAlertsJob(tell: Tell | null, { timeZone = DEFAULT_TIME_ZONE } = {}): Job<AlertsResult> {
  const work: Job<AlertsResult>['work'] = (sql, context) => alertWith(sql, context, { tell, timeZone })
  return { name: 'alerts', isOftenIdle: true, work }
}

interface Setting {
  tell: Tell | null
  /** Of programmes that have none of their own. */
  timeZone: string
}

type AlertsResult = { begun: number; ended: number; told: number }

async function alertWith(sql: Sql, context: JobContext, { tell, timeZone }: Setting): Promise<AlertsResult> {
  const { now, log } = context
  const { alerts: open, ...facts } = await readFacts(sql, { now, timeZone })
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
  await forgetOldChallenges(sql, now)
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

async function readFacts(sql: Sql, { now, timeZone }: { now: Instant; timeZone: string }) {
  const { registers, alerts } = await readFleet(sql, now)
  const usual = await readUsual(sql)
  const above = [...usual].map(([programmeId, { alert_purchases_a_card_a_day: purchases }]) => ({
    programmeId,
    purchases,
  }))
  return {
    registers,
    alerts,
    discrepancies: await openDiscrepancies(sql),
    jobs: await readFailures(sql, now),
    activity: await readRegisterActivity(sql, now),
    doneAlone: await readUnreviewed(sql),
    busyCards: await readBusyCards(sql, { above, now }),
    givers: await readGivers(sql, now),
    mergers: await readMergers(sql, now),
    manyCards: await readManyCards(sql, now),
    flaggedDays: await readFlaggedDays(sql, now),
    budgets: await readReachedBudgets(sql, { now, timeZone }),
    usual,
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
