import { type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { type Alert, openAlerts } from './alerts.ts'
import { readHeartbeat, type StoredHeartbeat } from './heartbeat.ts'
import type { Hours } from './hours.ts'

/** A register that has not been heard of for so long is silent: ten heartbeats are missing. */
export const SILENT_AFTER_MS = 10 * MINUTE
/** The register itself warns its cashier from here on. */
const CLOCK_FAR_OFF_MS = 2 * MINUTE

export interface FleetRegister {
  registerId: number
  programmeId: number
  name: string
  store: { id: number; name: string; hours: Hours | null }
  channel: string
  version: string | null
  /** Null until its first heartbeat; an old file agent sends none. */
  lastSeenAt: Instant | null
  revokedAt: Instant | null
  diagnosticsAskedAt: Instant | null
  heartbeat: StoredHeartbeat | null
  /** Since when its oldest operation waits; a register that went silent with a queue has it still. */
  queuedSince: Instant | null
  isSilent: boolean
  alerts: Alert[]
  /** Why IT should look at it; empty is healthy. */
  concerns: string[]
}

export interface Fleet {
  at: Instant
  registers: FleetRegister[]
  /** Of the whole cloud: those of the registers and the others. */
  alerts: Alert[]
}

/** Every register with all that is known of it: the one source of the page, the command line and the alerts. */
export async function readFleet(sql: Sql, now: Instant): Promise<Fleet> {
  const [rows, alerts] = await Promise.all([readRows(sql), openAlerts(sql)])
  const ofRegister = Map.groupBy(alerts, ({ registerId }) => registerId)
  const registers = rows.map((row) => registerOf(row, ofRegister.get(row.registerId) ?? [], now))
  return { at: now, registers, alerts }
}

interface Row {
  registerId: number
  programmeId: number
  name: string
  storeId: number
  storeName: string
  opensAt: string | null
  closesAt: string | null
  timeZone: string | null
  channel: string
  version: string | null
  lastSeenAt: Instant | null
  revokedAt: Instant | null
  diagnosticsAskedAt: Instant | null
  heartbeat: unknown
}

async function readRows(sql: Sql): Promise<Row[]> {
  return await sql<Row[]>`
    select r.id as "registerId", s.programme_id as "programmeId", r.name, s.id as "storeId", s.name as "storeName",
      s.opens_at as "opensAt", s.closes_at as "closesAt", s.time_zone as "timeZone", r.channel, r.version, r.last_seen_at as "lastSeenAt",
      r.revoked_at as "revokedAt", r.diagnostics_asked_at as "diagnosticsAskedAt", r.heartbeat
    from registers r join stores s on s.id = r.store_id
    order by s.name, r.name, r.id`
}

function registerOf(row: Row, alerts: Alert[], now: Instant): FleetRegister {
  const { storeId, storeName, opensAt, closesAt, timeZone, heartbeat: stored, ...register } = row
  const hours = opensAt && closesAt && timeZone ? { opensAt, closesAt, timeZone } : null
  const heartbeat = readHeartbeat(stored)
  const { lastSeenAt, revokedAt } = register
  return {
    ...register,
    store: { id: storeId, name: storeName, hours },
    heartbeat,
    queuedSince: queuedSinceOf(heartbeat, lastSeenAt),
    isSilent: revokedAt === null && lastSeenAt !== null && now - lastSeenAt > SILENT_AFTER_MS,
    alerts,
    concerns: revokedAt === null ? concernsOf(heartbeat, alerts) : [],
  }
}

function queuedSinceOf(heartbeat: StoredHeartbeat | null, lastSeenAt: Instant | null): Instant | null {
  if (!heartbeat || lastSeenAt === null || heartbeat.queueDepth === 0) return null
  return lastSeenAt - (heartbeat.oldestQueuedSeconds ?? 0) * SECOND
}

function concernsOf(heartbeat: StoredHeartbeat | null, alerts: Alert[]): string[] {
  const concerns: string[] = alerts.map(({ kind }) => kind)
  if (!heartbeat) return concerns
  const { exchange, parked, clockOffsetMs, update } = heartbeat
  if (isExchangeBad(exchange) && !concerns.includes('exchange')) concerns.push('exchange')
  if (parked) concerns.push('parked')
  if (Math.abs(clockOffsetMs ?? 0) > CLOCK_FAR_OFF_MS) concerns.push('clock')
  if (update?.problem) concerns.push('update')
  return concerns
}

export const isExchangeBad = (exchange: string | null) =>
  exchange !== null && !/^(ok|starting)\b/.test(exchange)
