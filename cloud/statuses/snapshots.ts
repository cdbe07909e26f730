import type { Cause } from '../../shared/rules/status.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'

/** A change of a customer's status, and its cause. */
export interface Snapshot {
  customerId: number
  seq: number
  at: Instant
  before: string | null
  after: string | null
  cause: Cause
  value: number
  periodFrom: Instant
  needed: number | null
  until: Instant | null
  bookVersion: number
  who: string
  reason: string | null
}

/** The only writer of statuses. */
export async function saveSnapshots(sql: Tx, snapshots: Snapshot[]): Promise<void> {
  if (snapshots.length === 0) return
  const column = <T>(value: (snapshot: Snapshot) => T): T[] => snapshots.map(value)
  await sql`
    insert into status_snapshots (
      customer_id, seq, at, before, after, cause, value, period_from, needed, until, book_version, who, reason)
    select * from unnest(
      ${column((one) => one.customerId)}::bigint[],
      ${column((one) => one.seq)}::int[],
      ${column((one) => toIso(one.at))}::timestamptz[],
      ${column((one) => one.before)}::text[],
      ${column((one) => one.after)}::text[],
      ${column((one) => one.cause)}::text[],
      ${column((one) => one.value)}::bigint[],
      ${column((one) => toIso(one.periodFrom))}::timestamptz[],
      ${column((one) => one.needed)}::bigint[],
      ${column((one) => (one.until === null ? null : toIso(one.until)))}::timestamptz[],
      ${column((one) => one.bookVersion)}::int[],
      ${column((one) => one.who)}::text[],
      ${column((one) => one.reason)}::text[])`
}
