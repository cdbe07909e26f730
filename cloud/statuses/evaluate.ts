import type { Book } from '../../shared/rules/book.ts'
import { bookAt } from '../../shared/rules/book.ts'
import { dayAfter, localDayOf, startOfLocalDay } from '../../shared/rules/localTime.ts'
import {
  type Cause,
  entryStatus,
  type Given,
  judgedBy,
  type Measured,
  nextStatus,
  type Standing,
  type StatusChange,
} from '../../shared/rules/status.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { rulesOf, selectRules } from '../ledger/programme.ts'
import { measure, measureNow, periodsAt } from '../ledger/statuses.ts'
import { planMessages } from './messages.ts'
import { type Snapshot, saveSnapshots } from './snapshots.ts'

/** Of each programme the book of this moment, where that has statuses. */
export async function readLadders(
  sql: Sql | Tx,
  { now, timeZone }: { now: Instant; timeZone: string },
): Promise<Map<number, Book>> {
  const rules = rulesOf(await selectRules(sql, { programmeIds: null, since: now }), { timeZone })
  const books = [...rules].map(([id, { books }]): [number, Book] => [id, bookAt(books, now)])
  return new Map(books.filter(([, { statuses }]) => statuses.length > 0))
}

interface Row {
  customerId: number
  programmeId: number
  seq: number | null
  at: Instant | null
  status: string | null
  cause: Cause | null
  until: Instant | null
  value: number | null
  beforeSet: string | null
  given: Given | null
  brought: Pick<Standing, 'status' | 'cause' | 'until'>[]
  entryBefore: string | null
  entryNeeded: number | null
  entryAt: Instant | null
  entryFrom: Instant | null
}

/** By this a status that a person set is told apart. */
const WHO = 'system:statuses'

/** A merge is heard of within seconds, after an outage within days; what a card had long before is nobody's any more. */
const BROUGHT_WITHIN_MS = 7 * DAY

/**
 * How things stand with each: what was last written, what they had before people set one, what a person set last, how they came to the
 * status that they have, and what cards had that were merged into theirs since, also by way of a card that nobody has looked at since.
 * The fence (offset) keeps it a look-up for each: a plan of a young database walks through all customers.
 */
async function readStandings(sql: Tx, customerIds: number[], now: Instant): Promise<Row[]> {
  return await sql<Row[]>`
    select whose as "customerId", customer.programme_id as "programmeId", last.seq, last.at, last.after as status,
      last.cause, last.until, last.value, own.after as "beforeSet", given.told as given, brought.statuses as brought,
      entry.before as "entryBefore", entry.needed as "entryNeeded",
      entry.at as "entryAt", entry.period_from as "entryFrom"
    from unnest(${customerIds}::bigint[]) as whose
    cross join lateral (
      select programme_id from customers where id = whose and status <> 'erased' and merged_into is null offset 0) customer
    left join lateral (
      select * from status_snapshots where customer_id = whose order by customer_id desc, seq desc limit 1) last on true
    left join lateral (
      select after from status_snapshots own where last.cause = 'set' and customer_id = whose and cause <> 'set'
        and not (cause = 'reached' and ${isSetAgainAfter(sql)})
      order by customer_id desc, seq desc limit 1) own on true
    left join lateral (
      select json_build_object('status', after, 'until', ${millisecondsOf(sql, 'until')}, 'value', value) as told
      from status_snapshots where customer_id = whose and cause = 'set' and who <> ${WHO}
      order by customer_id desc, seq desc limit 1) given on true
    left join lateral (
      select * from status_snapshots where customer_id = whose and before is distinct from after
      order by customer_id desc, seq desc limit 1) entry on true
    cross join lateral (
      with recursive card as (
        select whose as id, last.at as "lookedAt", last.after, last.cause, last.until
        union all
        select given_id, theirs.at, theirs.after, theirs.cause, theirs.until
        from card
        cross join lateral (
          select given_id from merges
          where kept_id = card.id and undone_at is null and merges.at > coalesce(card."lookedAt", '-infinity')
            and merges.at > ${toIso(now - BROUGHT_WITHIN_MS)} offset 0) merged
        left join lateral (
          select at, after, cause, until from status_snapshots where customer_id = given_id
          order by customer_id desc, seq desc limit 1) theirs on true)
      select coalesce(json_agg(json_build_object('status', after, 'cause', cause,
        'until', ${millisecondsOf(sql, 'until')})), '[]') as statuses
      from card where id <> whose and cause is not null) brought
    order by whose`
}

/** Goods came back that had reached it: the status that a person had set before it is written behind it once more. */
const isSetAgainAfter = (sql: Tx) => sql`
  exists (
    select from status_snapshots again join status_snapshots given using (customer_id, cause, until)
    where again.customer_id = own.customer_id and again.seq = own.seq + 1 and again.cause = 'set'
      and given.seq < own.seq and given.after is not distinct from again.after)`

/** A moment in a document as one in a column is read. */
const millisecondsOf = (sql: Tx, column: string) => sql`round(date_part('epoch', ${sql(column)}) * 1000)`

interface Evaluation {
  customerIds: number[]
  ladders: ReadonlyMap<number, Book>
  by: 'purchase' | 'book' | 'day'
  now: Instant
}

/**
 * Looks whether these customers still deserve the status that they have, and writes what becomes of it together with
 * the messages about it. The caller keeps others from writing statuses meanwhile. Says how many changed.
 */
export async function evaluate(sql: Tx, { customerIds, ladders, by, now }: Evaluation): Promise<number> {
  const rows = (await readStandings(sql, customerIds, now)).filter(({ programmeId }) =>
    ladders.has(programmeId),
  )
  let changes = 0
  for (const [programmeId, theirs] of Map.groupBy(rows, ({ programmeId }) => programmeId)) {
    const book = ladders.get(programmeId)
    if (!book) continue
    const ids = theirs.map(({ customerId }) => customerId)
    const measured = await measureNow(sql, { customerIds: ids, book, now })
    const lefts =
      by === 'day' ? new Map<number, number>() : await measureEntries(sql, { rows: theirs, book, measured })
    const snapshots = theirs.flatMap((row): Snapshot[] => {
      const has = measured.get(row.customerId) ?? { value: 0, before: null }
      const change = changeOf(row, { book, measured: has, left: lefts.get(row.customerId) ?? null, by, now })
      return change ? [snapshotOf(row, { change, book, measured: has, now })] : []
    })
    await saveSnapshots(sql, snapshots)
    await planMessages(sql, snapshots, book)
    changes += snapshots.length
  }
  return changes
}

/** What is left of that with which the present status was reached, of those who do not have enough any more. */
async function measureEntries(
  sql: Tx,
  { rows, book, measured }: { rows: Row[]; book: Book; measured: ReadonlyMap<number, Measured> },
): Promise<Map<number, number>> {
  const spans = rows.flatMap(({ customerId, entryNeeded, entryAt, entryFrom }) => {
    const now = measured.get(customerId)
    if (entryNeeded === null || entryAt === null || entryFrom === null || !now) return []
    if (judgedBy(now) >= entryNeeded) return []
    return [{ customerId, from: entryFrom, until: null, knownAt: entryAt }]
  })
  const left = await measure(sql, book.status_terms.metric, spans)
  return new Map(spans.map(({ customerId }, index) => [customerId, left[index] ?? 0]))
}

function changeOf(
  { at, status, cause, until, value, beforeSet, given, brought, entryBefore, entryNeeded, entryAt }: Row,
  {
    book,
    measured,
    left,
    by,
    now,
  }: Pick<Evaluation, 'by' | 'now'> & { book: Book; measured: Measured; left: number | null },
): StatusChange | null {
  const today = localDayOf(now, book.timeZone)
  return nextStatus({
    ladder: book,
    standing:
      at === null || cause === null ? null : { at, status, cause, until, value: value ?? 0, beforeSet },
    given,
    brought,
    entry: entryAt === null ? null : { before: entryBefore, needed: entryNeeded, left },
    ...{ measured, by, now },
    dayFrom: (days) => startOfLocalDay(dayAfter(today, days), book.timeZone),
  })
}

function snapshotOf(
  { customerId, seq, status: before }: Row,
  { change, book, measured, now }: { change: StatusChange; book: Book; measured: Measured; now: Instant },
): Snapshot {
  const { from, before: fromBefore } = periodsAt(book, now)
  // Where the year before counts, it is what was judged by.
  const isOfBefore = fromBefore !== null && (measured.before ?? 0) > measured.value
  return {
    ...{ customerId, seq: (seq ?? 0) + 1, at: now, before: seq === null ? entryStatus(book) : before },
    ...{ after: change.status, cause: change.cause, until: change.until, needed: change.needed },
    ...{ value: judgedBy(measured), periodFrom: isOfBefore ? fromBefore : from, bookVersion: book.version },
    ...{ who: WHO, reason: null },
  }
}
