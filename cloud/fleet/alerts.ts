import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'

type AlertKind =
  | 'silent'
  | 'queue'
  | 'exchange'
  | 'discrepancy'
  | 'job'
  | 'audit'
  | 'holds'
  | 'lookups'
  | 'purchases'
  | 'points'
  | 'break_glass'
  | 'budget'
  | 'limit'
  | 'merges'

/** What is wrong just now. Two of one kind and reference are the same one. */
export interface Finding {
  kind: AlertKind
  reference: string
  registerId: number | null
  /** Where it is, for people: a store and a register, or nothing. */
  where: string | null
  what: string
}

export interface Alert extends Finding {
  id: number
  since: Instant
  endedAt: Instant | null
}

const columns = (sql: Sql) => sql`
  id, kind, reference, register_id as "registerId", details->>'where' as "where", details->>'what' as what, since,
  ended_at as "endedAt"`

/** Oldest first. */
export async function openAlerts(sql: Sql): Promise<Alert[]> {
  return await sql<Alert[]>`select ${columns(sql)} from alerts where ended_at is null order by id`
}

export async function latestAlertsOf(sql: Sql, registerId: number, limit: number): Promise<Alert[]> {
  return await sql<Alert[]>`
    select ${columns(sql)} from alerts where register_id = ${registerId} order by id desc limit ${limit}`
}

/** Each begins once, however many processes and repeats find it. */
export async function beginAlerts(sql: Sql, findings: Finding[], now: Instant): Promise<Alert[]> {
  if (findings.length === 0) return []
  const rows = findings.map(({ registerId, where, what, ...row }) => ({
    ...row,
    register_id: registerId,
    details: { where, what },
  }))
  return await sql<Alert[]>`
    insert into alerts (kind, reference, register_id, details, since)
    select kind, reference, register_id, details, ${toIso(now)}
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      as row(kind text, reference text, register_id int, details jsonb)
    on conflict (kind, reference) where ended_at is null do nothing
    returning ${columns(sql)}`
}

export async function endAlerts(sql: Sql, ids: number[], now: Instant): Promise<Alert[]> {
  if (ids.length === 0) return []
  return await sql<Alert[]>`
    update alerts set ended_at = ${toIso(now)} where id = any(${ids}::bigint[]) and ended_at is null
    returning ${columns(sql)}`
}

/** Begun or ended and not told yet; what is still so comes first, then the latest. */
export async function untoldAlerts(sql: Sql): Promise<Alert[]> {
  return await sql<Alert[]>`
    select ${columns(sql)} from alerts
    where told_at is null or (ended_at is not null and end_told_at is null)
    order by ended_at is null desc, id desc`
}

/** As they were when they were told: one that ended meanwhile has its end still to be told. */
export async function markTold(sql: Sql, alerts: Alert[], now: Instant): Promise<void> {
  const ids = alerts.map(({ id }) => id)
  const endedIds = alerts.filter(({ endedAt }) => endedAt !== null).map(({ id }) => id)
  await sql`
    update alerts set told_at = coalesce(told_at, ${toIso(now)}),
      end_told_at = case when id = any(${endedIds}::bigint[]) then ${toIso(now)}::timestamptz else end_told_at end
    where id = any(${ids}::bigint[])`
}

export async function forgetOldAlerts(sql: Sql, before: Instant): Promise<void> {
  await sql`delete from alerts where ended_at < ${toIso(before)}`
}
