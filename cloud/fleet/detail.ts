import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { type Alert, latestAlertsOf } from './alerts.ts'
import { type FleetRegister, readFleet } from './read.ts'

const ALERTS_SHOWN = 10
const CHANGES_SHOWN = 20

export interface Detail {
  at: Instant
  register: FleetRegister
  operations: { day: number; week: number; latestAt: Instant | null }
  /** Also those that are over. */
  alerts: Alert[]
  files: { id: number; receivedAt: Instant; bytes: number }[]
  changes: { at: Instant; who: string; action: string; before: unknown; after: unknown }[]
  /** Until when a pairing code that was made for this register can be used. */
  codeUntil: Instant | null
}

/** A register with what is known of it beyond the table. */
export async function readDetail(sql: Sql, registerId: number, now: Instant): Promise<Detail | null> {
  const { registers } = await readFleet(sql, now)
  const register = registers.find((one) => one.registerId === registerId)
  if (!register) return null
  const [operations, alerts, files, changes, codeUntil] = await Promise.all([
    countOperations(sql, register, now),
    latestAlertsOf(sql, registerId, ALERTS_SHOWN),
    listFiles(sql, registerId),
    listChanges(sql, registerId),
    openCode(sql, registerId, now),
  ])
  return { at: now, register, operations, alerts, files, changes, codeUntil }
}

async function countOperations(
  sql: Sql,
  { registerId, store }: FleetRegister,
  now: Instant,
): Promise<Detail['operations']> {
  const [counted] = await sql<Detail['operations'][]>`
    select count(*) filter (where recorded_at > ${toIso(now - DAY)}) as day, count(*) as week,
      max(recorded_at) as "latestAt"
    from operations
    where store_id = ${store.id} and register_id = ${registerId} and recorded_at > ${toIso(now - 7 * DAY)}`
  return counted ?? { day: 0, week: 0, latestAt: null }
}

async function listFiles(sql: Sql, registerId: number): Promise<Detail['files']> {
  return await sql`
    select id, received_at as "receivedAt", octet_length(content) as bytes from diagnostics
    where register_id = ${registerId} order by id desc`
}

async function listChanges(sql: Sql, registerId: number): Promise<Detail['changes']> {
  return await sql`
    select at, who, action, before, after from audit_log
    where subject = ${`register ${registerId}`} order by id desc limit ${CHANGES_SHOWN}`
}

async function openCode(sql: Sql, registerId: number, now: Instant): Promise<Instant | null> {
  const [row] = await sql<{ until: Instant | null }[]>`
    select max(expires_at) as until from pairing_codes
    where register_id = ${registerId} and used_at is null and expires_at > ${toIso(now)}`
  return row?.until ?? null
}

export async function readFile(
  sql: Sql,
  { registerId, fileId }: { registerId: number; fileId: number },
): Promise<{ receivedAt: Instant; content: string } | null> {
  const [file] = await sql<{ receivedAt: Instant; content: string }[]>`
    select received_at as "receivedAt", content from diagnostics
    where id = ${fileId} and register_id = ${registerId}`
  return file ?? null
}
