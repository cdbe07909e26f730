import type { Fragment } from 'postgres'
import { dayAfter, localDayOf } from '../../shared/rules/localTime.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { isHeldUp, isOutage } from '../database/outage.ts'
import { isOpenHold } from '../ledger/conditions.ts'
import { forgetCounts, hasCountsBefore, keepCountsFrom } from '../ledger/forgetCounts.ts'
import { forgetItems } from '../ledger/items.ts'
import { readRules, readSettingsOfAll } from '../ledger/programme.ts'
import type { Job, JobContext } from './job.ts'
import { forgetRuns } from './record.ts'

const CUSTOMERS_A_LOOK = 1000
/** A sale of one of these customers waits for the batch. */
const CUSTOMERS_A_BATCH = 100

/**
 * Folds the entries that are older than the ledger keeps in detail. Operations stay, because ids are
 * unique for ever; lots stay, because a refund asks its purchase's lot what became of the points.
 */
export async function retention(sql: Sql, context: JobContext) {
  let total = nothing
  for (const { programmeId, settings } of await readSettingsOfAll(sql)) {
    const cutoff = context.now - settings.history_retention_days * DAY
    total = plus(total, await foldProgramme(sql, programmeId, { ...context, cutoff }))
  }
  return total
}

async function foldProgramme(sql: Sql, programmeId: number, context: FoldContext): Promise<Fold> {
  const { cutoff, signal } = context
  const isDue = sql`coalesce(${firstUnfoldedAt(sql, sql`next.id`)} < ${toIso(cutoff)}, false)`
  let total = nothing
  for await (const batch of dueCustomers(sql, { programmeId, isDue, signal }))
    total = plus(total, await foldEach(sql, batch, context))
  return total
}

export const retentionJob: Job = {
  name: 'retention',
  work: async (sql, context) => ({
    ...(await retention(sql, context)),
    counted: await forgetOldCounts(sql, context),
    items: await forgetOldItems(sql, context),
    runs: await forgetRuns(sql, context.now),
  }),
}

/**
 * Drops the counts of days when the entries of those days are folded: a limit asks for its own day alone. A sale of such
 * a day may still come for as long as its points would live.
 */
async function forgetOldCounts(sql: Sql, { now, signal }: JobContext): Promise<number> {
  let total = 0
  for (const { programmeId, settings } of await readSettingsOfAll(sql)) {
    const { books } = await readRules(sql, { programmeId, since: 0 })
    const days = Math.max(settings.history_retention_days, ...books.map(({ base }) => base.lifetime_days))
    // A day more, so that it was over everywhere.
    const before = dayAfter(localDayOf(now - days * DAY, 'UTC'), -1)
    await keepCountsFrom(sql, programmeId, before)
    const isDue = hasCountsBefore(sql, sql`next.id`, before)
    for await (const batch of dueCustomers(sql, { programmeId, isDue, signal }))
      total += await forgetCounts(sql, batch, before)
  }
  return total
}

/** Drops the goods of purchases whose entries are folded. */
async function forgetOldItems(sql: Sql, { now, signal }: JobContext): Promise<number> {
  let total = 0
  for (const { programmeId, settings } of await readSettingsOfAll(sql)) {
    const before = now - settings.history_retention_days * DAY
    total += await forgetItems(sql, { programmeId, before, signal })
  }
  return total
}

type Fold = typeof nothing
type Written = Omit<Fold, 'failed'>
const nothing = { customers: 0, folded: 0, openings: 0, failed: 0 }

const plus = (left: Fold, right: Fold): Fold => ({
  customers: left.customers + right.customers,
  folded: left.folded + right.folded,
  openings: left.openings + right.openings,
  failed: left.failed + right.failed,
})

/** The customers of a programme for whom `isDue` is true (of `next.id`), a batch at a time, in the order of their ids. */
async function* dueCustomers(
  sql: Sql,
  { programmeId, isDue, signal }: { programmeId: number; isDue: Fragment; signal?: AbortSignal | undefined },
): AsyncGenerator<number[]> {
  let lastId = 0
  for (;;) {
    const look = await sql<{ id: number; isDue: boolean }[]>`
      select id, ${isDue} as "isDue"
      from (
        select id from customers where programme_id = ${programmeId} and id > ${lastId}
        order by id limit ${CUSTOMERS_A_LOOK}) next
      order by id`
    const last = look.at(-1)
    if (!last) return
    lastId = last.id
    const due = look.filter(({ isDue }) => isDue).map(({ id }) => id)
    for (let start = 0; start < due.length; start += CUSTOMERS_A_BATCH) {
      if (signal?.aborted) return
      yield due.slice(start, start + CUSTOMERS_A_BATCH)
    }
  }
}

function firstUnfoldedAt(sql: Sql | Tx, customerId: Fragment) {
  return sql`(
    select at from entries where customer_id = ${customerId} and kind <> 'opening' order by seq limit 1)`
}

type FoldContext = JobContext & { cutoff: Instant }

/**
 * Folds customers in one transaction. Where one of them meets a bug, a lock or the timeout, the others are
 * still folded, each alone, and the failure is logged and counted.
 */
async function foldEach(sql: Sql, customerIds: number[], context: FoldContext): Promise<Fold> {
  try {
    return { ...(await foldEntries(sql, customerIds, context.cutoff)), failed: 0 }
  } catch (error) {
    if (isOutage(error) && !isHeldUp(error)) throw error
    if (customerIds.length > 1) return await foldOneByOne(sql, customerIds, context)
    context.log?.error({ err: error, customer: customerIds[0] }, 'the entries of a customer were not folded')
    return { ...nothing, failed: 1 }
  }
}

async function foldOneByOne(sql: Sql, customerIds: number[], context: FoldContext): Promise<Fold> {
  let total = nothing
  for (const customerId of customerIds) {
    if (context.signal?.aborted) break
    total = plus(total, await foldEach(sql, [customerId], context))
  }
  return total
}

async function foldEntries(sql: Sql, customerIds: number[], cutoff: Instant): Promise<Written> {
  return await sql.begin(async (sql) => {
    // A long history may take its time where only its own customer waits for it.
    const timeout = customerIds.length > 1 ? '10s' : '60s'
    await sql`select set_config('statement_timeout', ${timeout}, true)`
    await sql`select from customers where id = any(${customerIds}::bigint[]) order by id for no key update`
    await sql`set local role kopilka_retention`
    return await replaceWithOpenings(sql, customerIds, cutoff)
  })
}

/**
 * Everything before the first entry that stays becomes one opening a lot, in the last of the numbers that
 * fell free, so that the chain still ends where the kept entries begin. Whatever was owed by then goes
 * into one line without a lot; that line is also there when nothing else is, because the audit takes
 * `at` of the openings as the moment up to which operations need no entries.
 *
 * A lot that is empty leaves no line, unless points of it expired, of whomever they are by now: its line of 0 says that the
 * write-offs are folded. Such lines come first (0 before, 0 after) and are never touched again.
 */
async function replaceWithOpenings(sql: Tx, customerIds: number[], cutoff: Instant): Promise<Written> {
  const [fold] = await sql<Written[]>`
    with range as (
      select customers.id as customer_id, coalesce(
        (select min(seq) from entries where customer_id = customers.id and at >= ${toIso(cutoff)}) - 1,
        customers.last_entry) as through
      from customers
      where customers.id = any(${customerIds}::bigint[])
        and ${firstUnfoldedAt(sql, sql`customers.id`)} < ${toIso(cutoff)}
        and not exists (
          select from holds join entries on entries.customer_id = holds.customer_id and entries.hold_id = holds.id
          where holds.customer_id = customers.id and ${isOpenHold(sql)}
            and entries.at < ${toIso(cutoff)})
    ), folded as (
      delete from entries using range
      where entries.customer_id = range.customer_id and entries.seq <= range.through
        and not (entries.kind = 'opening' and entries.lot_expires_at is not null and entries.points = 0)
      returning entries.customer_id, range.through, entries.lot_active_from as active_from,
        entries.lot_expires_at as expires_at, entries.kind, entries.points, entries.debt, entries.at
    ), sums as (
      select customer_id, through, sum(debt) as debt, max(at) as at from folded group by customer_id, through
    ), lot_lines as (
      select customer_id, active_from, expires_at, sum(folded.points) as points, 0 as debt
      from folded join lots using (customer_id, active_from, expires_at)
      group by customer_id, active_from, expires_at, lots.expired
      having sum(folded.points) > 0 or lots.expired > 0 or bool_or(folded.kind = 'expire')
    ), lines as (
      select * from lot_lines
      union all
      select customer_id, null, null, 0, debt from sums
      where debt > 0 or not exists (select from lot_lines where lot_lines.customer_id = sums.customer_id)
    ), numbered as (
      select lines.*, sums.at,
        sums.through - count(*) over (partition by customer_id) + row_number() over in_order as seq,
        sum(points) over in_order as balance_after
      from lines join sums using (customer_id)
      window in_order as (partition by customer_id order by points, expires_at, active_from rows unbounded preceding)
    ), written as (
      insert into entries (
        customer_id, seq, kind, lot_active_from, lot_expires_at, points, debt, balance_before, balance_after, at)
      select customer_id, seq, 'opening', active_from, expires_at, points, debt, balance_after - points, balance_after, at
      from numbered
      returning customer_id
    )
    select (select count(*) from sums) as customers, (select count(*) from folded) as folded,
      (select count(*) from written) as openings`
  if (!fold) throw new Error('the fold gave no count')
  return fold
}
