import type { Fragment } from 'postgres'
import { type Book, bookAt } from '../../shared/rules/book.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import {
  afterFollowed,
  afterWalked,
  type Cursor,
  formatCursor,
  goOnFrom,
  type Place,
  readStand,
  type Stand,
  type Walk,
} from '../feed/cursor.ts'
import { availableOfCustomer } from './conditions.ts'
import { type Rules, readRules } from './programme.ts'
import { carriedSegments, readSegmentsOfEach } from './segments.ts'
import { readStatusesNow, type StatusNow } from './statuses.ts'

interface ChangedCustomer {
  card: string
  firstName: string | null
  available: number
  /** `erased`: the person is to be forgotten, also where they were only not seen for too long. */
  status: 'active' | 'frozen' | 'erased'
  /** The card of the customer for whom this one stands by now. A till that does not know the field forgets the card. */
  mergedInto?: string
  /** Only where the valid book has statuses. */
  standing?: StatusNow
  /** The customer's segments, of those that the valid book or a future one asks for; absent where none does. */
  segments?: string[]
}

interface Page {
  customers: ChangedCustomer[]
  cursor: string
  more: boolean
  /** The first page of a walk. */
  begins?: true
}

interface Asked {
  /** The programme of the store. */
  programmeId: number
  storeId: number
  since: string | undefined
  limit: number
  now: Instant
  /** The time zone of programmes that have none of their own. */
  timeZone?: string | undefined
}

/**
 * The customers that a store has seen in the last while, and their changes since the reader asked last. A stolen key
 * learns of no other customers by it, and no store learns of another's.
 */
export async function readChanges(
  sql: Sql,
  { programmeId, storeId, since, limit, now, timeZone }: Asked,
): Promise<Page> {
  const [stand, rules] = await Promise.all([
    readStand(sql, `store ${storeId}`),
    readRules(sql, { programmeId, since: now, timeZone }),
  ])
  const { settings, books } = rules
  const cursor = goOnFrom(since, stand)
  const seenSince = now - settings.offline_customers_days * DAY
  const context = {
    ...stand,
    programmeId,
    rules,
    book: bookAt(books, now),
    carried: carriedSegments(books),
    storeId,
    seenSince,
    limit,
    now,
  }
  return 'walk' in cursor ? await walk(sql, cursor.walk, context) : await follow(sql, cursor.follow, context)
}

type Row = Omit<ChangedCustomer, 'mergedInto'> & {
  id: number
  mergedInto: string | null
  registeredAt: Instant
}
type Context = Stand & {
  programmeId: number
  rules: Rules
  book: Book
  carried: ReadonlySet<string>
  storeId: number
  seenSince: Instant
  limit: number
  now: Instant
}

/** Columns of `c`, a customer, and `seen`, when the store saw them last. A customer who is gone has neither name nor points. */
function changedColumns(sql: Sql, { seenSince, now }: Context) {
  const isGone = sql`(c.status = 'erased' or c.merged_into is not null or seen.last_seen_at < ${toIso(seenSince)})`
  return sql`
    c.id, c.card, c.created_at as "registeredAt", (select kept.card from customers kept where kept.id = c.merged_into) as "mergedInto",
    case when ${isGone} then null else c.first_name end as "firstName",
    case when ${isGone} then 'erased' else c.status end as status,
    case when ${isGone} then 0 else ${availableOfCustomer(sql, now)} end as available`
}

async function walk(sql: Sql, from: Walk, context: Context): Promise<Page> {
  const { storeId, seenSince, limit } = context
  const rows = await sql<Row[]>`
    select ${changedColumns(sql, context)}
    from store_customers seen join customers c on c.id = seen.customer_id
    where seen.store_id = ${storeId} and seen.customer_id > ${from.lastId}
      and seen.last_seen_at >= ${toIso(seenSince)}
    order by seen.customer_id
    limit ${limit}`
  const last = rows.length === limit ? rows.at(-1) : undefined
  const told = await page(sql, rows, afterWalked(from, last?.id ?? null), {
    context,
    more: last !== undefined,
  })
  return { ...told, ...(from.lastId === 0 && { begins: true }) }
}

/** The store is told that a customer is gone or erased, and nothing of what they do elsewhere afterwards. */
async function follow(sql: Sql, from: Place, context: Context): Promise<Page> {
  const { horizon, storeId, seenSince, limit } = context
  const isNew = (tx: Fragment) => sql`${tx} >= ${String(from.tx)}::xid8 and ${tx} < ${String(horizon)}::xid8`
  const rows = await sql<(Row & { tx: number })[]>`
    with changed as (
      select customer_id, max(tx) as tx
      from (
        select customer_id, tx from operations where ${isNew(sql`tx`)} and status = 'accepted'
        union all
        select id, profile_tx from customers where ${isNew(sql`profile_tx`)}
        union all
        select customer_id, tx from status_snapshots where ${isNew(sql`tx`)}
        union all
        select customer_id, tx from customer_segments where ${isNew(sql`tx`)}
        union all
        select customer_id, changed_tx from store_customers
        where store_id = ${storeId} and ${isNew(sql`changed_tx`)}) all_changes
      group by customer_id)
    select ${changedColumns(sql, context)}, changed.tx::text::bigint as tx
    from changed
    join store_customers seen on seen.store_id = ${storeId} and seen.customer_id = changed.customer_id
    join customers c on c.id = changed.customer_id
    where (changed.tx, c.id) > (${String(from.tx)}::xid8, ${from.lastId})
      and (seen.last_seen_at >= ${toIso(seenSince)} or ${isNew(sql`seen.changed_tx`)} or ${isNew(sql`c.profile_tx`)})
    order by changed.tx, c.id
    limit ${limit}`
  const last = rows.length === limit ? rows.at(-1) : undefined
  const next = afterFollowed(context, last ? { tx: last.tx, lastId: last.id } : null)
  return await page(sql, rows, next, { context, more: last !== undefined })
}

async function page(
  sql: Sql,
  rows: Row[],
  cursor: Cursor,
  { context, more }: { context: Context; more: boolean },
): Promise<Page> {
  const { book, carried, now } = context
  const there = rows.filter(({ status }) => status !== 'erased')
  const customerIds = there.map(({ id }) => id)
  const [standings, segments] = await Promise.all([
    readStatusesNow(sql, { customerIds, book, now }),
    readSegmentsOfEach(
      sql,
      there.map(({ id, registeredAt }) => ({ customerId: id, registeredAt })),
      { ...context, names: carried },
    ),
  ])
  const customers = rows.map(({ id, mergedInto, ...customer }) => {
    const standing = standings.get(id)
    const { card, firstName, available, status } = customer
    const told = {
      ...{ card, firstName, available, status, ...(standing && { standing }) },
      ...(carried.size > 0 && status !== 'erased' && { segments: segments.get(id) ?? [] }),
    }
    return mergedInto === null ? told : { ...told, mergedInto }
  })
  return { customers, cursor: formatCursor(cursor, context), more }
}
