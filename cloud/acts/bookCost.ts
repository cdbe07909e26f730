import { createHash } from 'node:crypto'
import postgres from 'postgres'
import { worthKopecks } from '../../shared/money.ts'
import { type Book, type BookDocument, readBook } from '../../shared/rules/book.ts'
import type { Budget } from '../../shared/rules/budget.ts'
import { segmentsAskedBy } from '../../shared/rules/facts.ts'
import { DAY, DEFAULT_TIME_ZONE } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { namesAskedBy } from '../insight/segments/members.ts'
import { readSegmentsOf, type Segments } from '../insight/segments/read.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { tryBook } from '../ledger/tryBook.ts'
import type { By } from './act.ts'
import { canonical } from './once.ts'
import type { Weight } from './proposalRows.ts'

const MONTH_MS = 30 * DAY
/** A person waits for the answer: a book whose cost is not known by then is for two people to decide. */
const PATIENCE = '3s'

/**
 * The cost of the next version of a book: the points that purchases of the latest 30 days would have earned by it beyond
 * those they did earn or, where that is more, the growth of its budgets over the latest version; `beside` is added.
 * Approvals are for a change of that latest version.
 */
export async function weighBook(
  sql: Tx,
  {
    programmeId,
    document,
    beside = 0,
  }: { programmeId: number; document: BookDocument /** In kopecks. */; beside?: number },
  { now, proposal, timeZone = DEFAULT_TIME_ZONE }: Pick<By, 'now' | 'proposal' | 'timeZone'>,
): Promise<Weight | null> {
  await sql`select from programmes where id = ${programmeId} for no key update`
  const { approval_book_kopecks: most } = await readThresholds(sql, programmeId)
  const known = await readSegmentsOf(sql, { programmeId, now, timeZone })
  const of = { version: 0, validFrom: 0, timeZone: known.timeZone }
  const book = { ...document, ...of }
  const segments = namesAskedBy(sql, book, known)
  const cost = await costOf(sql, { book, programmeId, from: now - MONTH_MS, to: now, segments })
  const [latest] = await sql<{ version: number; document: unknown; stores: number }[]>`
    select version, document, (select count(*)::int from stores where programme_id = ${programmeId}) as stores
    from rule_books where programme_id = ${programmeId} order by version desc limit 1`
  if (!latest) throw new Error(`programme ${programmeId} has no rule book`)
  const left = most - beside
  const raise = raiseOf(readBook(latest.document, of), document, latest.stores, left)
  const isLittle = cost !== null && Math.max(0, cost) <= left && raise === 0
  if (proposal === undefined && isLittle) return null
  const kopecks = cost === null ? null : Math.max(cost, raise) + beside
  const effect = kopecks === null ? null : { points: kopecks / worthKopecks(1), kopecks }
  return { programmeId, effect, basis: { version: latest.version, ...definitionsOf(book, known) } }
}

/** A hash of the definitions of the segments that a book asks for: they are a part of what is approved. */
function definitionsOf(book: Book, { known }: Segments): { segments?: string } {
  const asked = segmentsAskedBy(book).map((name) => [name, known.get(name)?.definition ?? null])
  return asked.length === 0 ? {} : { segments: createHash('sha256').update(canonical(asked)).digest('hex') }
}

/** How much the budgets above a limit have grown; new ones count as a whole. */
function raiseOf(before: Book, { budgets }: BookDocument, stores: number, most: number): number {
  const limitOf = ({ limit_points, per_store }: Budget) =>
    worthKopecks(limit_points) * (per_store ? Math.max(1, stores) : 1)
  const was = new Map(before.budgets.map((budget) => [budget.id, limitOf(budget)]))
  return budgets
    .filter((budget) => limitOf(budget) > most)
    .reduce((sum, budget) => sum + Math.max(0, limitOf(budget) - (was.get(budget.id) ?? 0)), 0)
}

/** The cost in kopecks; null where it is not known in time. */
async function costOf(
  sql: Tx,
  tried: Pick<Parameters<typeof tryBook>[1], 'book' | 'programmeId' | 'from' | 'to' | 'segments'>,
): Promise<number | null> {
  try {
    const { points } = await tryBook(sql, { ...tried, tell: () => {}, patience: PATIENCE })
    return worthKopecks(points.after - points.before)
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === QUERY_CANCELED) return null
    throw error
  }
}

const QUERY_CANCELED = '57014'
