import { type Book, bookAt } from '../../shared/rules/book.ts'
import { segmentsAskedBy } from '../../shared/rules/facts.ts'
import { localDayOf } from '../../shared/rules/localTime.ts'
import { entryStatus } from '../../shared/rules/status.ts'
import { builtInSegments } from '../../shared/segments/builtIn.ts'
import { type Segment, segmentSchema } from '../../shared/segments/definition.ts'
import { type Instant, MINUTE, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { Rules } from './programme.ts'
import { namesIn } from './segmentCondition.ts'

/** The segments that tills are told of: those that the valid book or a future one asks for, not one that was replaced before it began. */
export const carriedSegments = (books: readonly Book[]): ReadonlySet<string> =>
  new Set(books.filter((book) => bookAt(books, book.validFrom) === book).flatMap(segmentsAskedBy))

/** So long after an operation at most, the segments of its customer take it into account. */
const SETTLED_AFTER_MS = MINUTE

/** Whether the segments of a customer are up to date: right after an operation they may not be. */
export async function areSegmentsSettled(sql: Sql | Tx, customerId: number, now: Instant): Promise<boolean> {
  const [last] = await sql<{ isLongAgo: boolean }[]>`
    select recorded_at <= ${toIso(now - SETTLED_AFTER_MS)} as "isLongAgo" from operations
    where customer_id = ${customerId} and status = 'accepted'
    order by customer_id, at desc, id desc limit 1`
  return last?.isLongAgo ?? true
}

interface Asked {
  programmeId: number
  rules: Pick<Rules, 'books' | 'timeZone' | 'followedSegments'>
  /** The segments that are asked about. */
  names: ReadonlySet<string>
  now: Instant
}

interface Customer {
  customerId: number
  registeredAt: Instant
}

/**
 * The segments of each of these customers, of those that are asked about; a customer who is in none may be left out. Where
 * nothing is kept yet, the definitions are judged: for a segment that is new in a book, and for a customer who is new.
 */
export async function readSegmentsOfEach(
  sql: Sql | Tx,
  customers: readonly Customer[],
  asked: Asked,
): Promise<Map<number, string[]>> {
  const { names, rules, now } = asked
  if (names.size === 0) return new Map()
  const areFollowed = [...names].every((name) => rules.followedSegments.includes(name))
  const { kept = [], anew = [] } = Object.groupBy(customers, ({ registeredAt }) =>
    areFollowed && registeredAt <= now - SETTLED_AFTER_MS ? 'kept' : 'anew',
  )
  const ids = (some: readonly Customer[]) => some.map(({ customerId }) => customerId)
  const rows = await Promise.all([
    kept.length > 0 ? loadKept(sql, ids(kept)) : [],
    anew.length > 0 ? judgeAnew(sql, ids(anew), asked) : [],
  ])
  return new Map(rows.flat().map((row) => [row.customerId, row.names.filter((name) => names.has(name))]))
}

interface Row {
  customerId: number
  names: string[]
}

async function loadKept(sql: Sql | Tx, customerIds: number[]): Promise<Row[]> {
  return await sql<Row[]>`
    select customer_id as "customerId", names from customer_segments where customer_id = any(${customerIds}::bigint[])`
}

async function judgeAnew(
  sql: Sql | Tx,
  customerIds: number[],
  { programmeId, rules: { books, timeZone }, names, now }: Asked,
): Promise<Row[]> {
  const book = bookAt(books, now)
  const saved = await sql<Segment[]>`
    select name, title, definition from segments
    where programme_id = ${programmeId} and name = any(${[...names]}::text[])`
  const asked = [...definedSegments(book, saved).values()].filter(({ name }) => names.has(name))
  const ground = { today: localDayOf(now, timeZone), timeZone, entryStatus: entryStatus(book) }
  return await sql<Row[]>`
    select c.id as "customerId", ${namesIn(sql, asked, ground)} as names
    from customers c left join customer_facts f on f.customer_id = c.id
    where c.id = any(${customerIds}::bigint[])`
}

/** All segments by name: those that are built in, and those that staff have saved, which may replace a built-in one. */
export function definedSegments(
  { statuses }: Pick<Book, 'statuses'>,
  saved: readonly Segment[],
): Map<string, Segment> {
  const own = saved.map(({ name, title, definition }) => segmentSchema.parse({ name, title, definition }))
  return new Map([...builtInSegments(statuses), ...own].map((segment) => [segment.name, segment]))
}

/** The meaning of a segment changes, so its members are not known any more. The caller has the programme locked. */
export async function unfollowSegment(sql: Tx, programmeId: number, name: string): Promise<void> {
  await sql`
    update programmes set followed_segments = array_remove(followed_segments, ${name})
    where id = ${programmeId} and ${name} = any(followed_segments)`
}
