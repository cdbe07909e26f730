import { DAY, type Instant, startOfUtcDay, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import type { Job, JobContext } from './job.ts'

const LOTS_A_BATCH = 5000
const DAYS_AHEAD = 3

/**
 * Plans to tell people that points of theirs die within three days: once for each of their days of death, however
 * often it runs, and also a day late. It walks the index of living lots from the earliest death; each batch is
 * there for good when the next one begins, so a run that was cut short is made whole by the next.
 */
export async function remind(sql: Sql, { now, signal }: JobContext, lotsABatch = LOTS_A_BATCH) {
  const until = startOfUtcDay(now) + DAYS_AHEAD * DAY
  const total = { lots: 0, planned: 0 }
  let position: Position = { expiresAt: now, customerId: Number.MAX_SAFE_INTEGER }
  while (!signal?.aborted) {
    const batch = await planBatch(sql, { after: position, until, now, lots: lotsABatch })
    if (!batch.last) break
    position = batch.last
    total.lots += batch.lots
    total.planned += batch.planned
  }
  return total
}

export const remindJob: Job = { name: 'remind', work: (sql, context) => remind(sql, context) }

/** A place in the order of the index: lots that die at `expiresAt`, and later. */
interface Position {
  expiresAt: Instant
  customerId: number
}

interface Batch {
  lots: number
  planned: number
  last: Position | null
}

/**
 * How many points it will be is counted when it is sent: some may be spent by then. A frozen customer is not
 * told to spend them, nor anybody of a frozen programme, unless they are thawed in time. The lock on a person keeps one who is being erased from getting
 * a message that nobody would delete; the fence (limit) keeps it one look-up a customer, and not a scan of all people
 * for every batch.
 */
async function planBatch(
  sql: Sql,
  { after, until, now, lots }: { after: Position; until: Instant; now: Instant; lots: number },
): Promise<Batch> {
  const [row] = await sql<(Omit<Batch, 'last'> & { [Key in keyof Position]: Position[Key] | null })[]>`
    with batch as materialized (
      select expires_at, customer_id from lots
      where filled and expires_at <= ${toIso(until)}
        and (expires_at, customer_id) > (${toIso(after.expiresAt)}::timestamptz, ${after.customerId}::bigint)
      order by expires_at, customer_id
      limit ${lots}
    ), death as (
      select distinct customer_id, (expires_at at time zone 'UTC')::date as day from batch
    ), wanted as (
      select death.customer_id, death.day
      from death cross join lateral (
        select from people
        where people.customer_id = death.customer_id and notify_expiry and unreachable_since is null
          and (
            select c.status = 'active' and frozen_at is null
            from customers c join programmes on programmes.id = c.programme_id where c.id = people.customer_id)
        limit 1
        for key share of people) person
    ), planned as (
      insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
      select customer_id, 'expiring', day::text, '{}', ${toIso(now)}, ${toIso(now)} from wanted
      order by customer_id, day
      on conflict do nothing
      returning 1
    )
    select (select count(*) from batch) as lots, (select count(*) from planned) as planned,
      last.expires_at as "expiresAt", last.customer_id as "customerId"
    from (select) as one left join lateral (
      select expires_at, customer_id from batch order by expires_at desc, customer_id desc limit 1) last on true`
  if (!row) throw new Error('the reminders gave no count')
  const { expiresAt, customerId, ...counts } = row
  return { ...counts, last: expiresAt === null || customerId === null ? null : { expiresAt, customerId } }
}
