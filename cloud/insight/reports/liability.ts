import type { Liability } from '../../../shared/console/reports.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { isLiveLot } from '../../ledger/conditions.ts'
import { readSettings, subjectOfSetting } from '../../ledger/programme.ts'
import { readFlow } from './flow.ts'
import { readOwed, readOwedThen } from './owed.ts'

interface Wanted {
  programmeId: number
  timeZone: string
  /** The moment of the report; now if left out. */
  at?: Instant | undefined
  /** An earlier moment, from which the changes are told; none are if left out. */
  since?: Instant | undefined
  now: Instant
}

/** Why there is nothing to tell: a moment has not come, or is before the history that is kept; or the two are the wrong way round. */
type Untold = 'no_history' | 'since_after_at'

export async function readLiability(
  sql: Sql,
  { at, since, now, ...which }: Wanted,
): Promise<Liability | Untold> {
  const earliest = await earliestOf(sql, which.programmeId, now)
  const isPast = at !== undefined && at < now
  const isTold = (moment: Instant | undefined) =>
    moment === undefined || (moment >= earliest && moment <= now)
  if (!isTold(at) || !isTold(since)) return 'no_history'
  if (since !== undefined && since > (at ?? now)) return 'since_after_at'
  // One moment for all figures, so that they are the same sum.
  return await sql.begin('isolation level repeatable read read only', async (sql) => {
    const points = isPast
      ? sql`
          select customer_id, sum(points) as points from entries
          where at <= ${toIso(at)} and lot_expires_at > ${toIso(at)}
          group by customer_id having sum(points) <> 0`
      : sql`
          select customer_id, sum(remaining) as points from lots where ${isLiveLot(sql, now)} group by customer_id`
    const byStore = await sql<Liability['byStore']>`
      select case when stores.id is not null then json_build_object('id', stores.id, 'name', stores.name) end as store,
        sum(owed.points)::bigint as points, count(*)::int as customers
      from (${points}) owed
      join customers on customers.id = owed.customer_id
      left join customer_facts facts on facts.customer_id = owed.customer_id
      left join stores on stores.id = facts.home_store_id
      where customers.programme_id = ${which.programmeId}
      group by stores.id order by points desc, stores.id`
    const customers = byStore.reduce((sum, { customers }) => sum + customers, 0)
    const owed = isPast
      ? await readOwedThen(sql, { ...which, at }, customers)
      : await readOwed(sql, { ...which, at: now })
    const flow = since === undefined ? null : await readFlow(sql, { ...which, since, at: at ?? now })
    return { ...owed, flow, byStore: [...byStore], earliest: toIso(earliest) }
  })
}

/** What was folded while less history was kept is not there again when more is kept. */
async function earliestOf(sql: Sql, programmeId: number, now: Instant): Promise<Instant> {
  const { history_retention_days: days } = await readSettings(sql, { programmeId })
  const before = await sql<{ until: Instant; days: number }[]>`
    select at as until, (before ->> 'history_retention_days')::int as days from audit_log
    where subject = ${subjectOfSetting('history_retention_days', programmeId)} and action = 'settings set'`
  return Math.max(now - days * DAY, ...before.map(({ until, days }) => until - days * DAY))
}
