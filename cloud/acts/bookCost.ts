import postgres from 'postgres'
import { worthKopecks } from '../../shared/money.ts'
import { type Book, type BookDocument, readBook } from '../../shared/rules/book.ts'
import type { Budget } from '../../shared/rules/budget.ts'
import { DAY } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { readRules } from '../ledger/programme.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { tryBook } from '../ledger/tryBook.ts'
import type { By } from './act.ts'
import type { Weight } from './proposalRows.ts'

const MONTH_MS = 30 * DAY
/** An answer is waited for: what cannot be told by then is for two people. */
const PATIENCE = '3s'

/**
 * Of the next version of a book: what the purchases of the latest 30 days would have earned by it, less what they did, and what its budgets
 * may give more than those of the latest version. Approvals are of what follows upon that version.
 */
export async function weighBook(
  sql: Tx,
  { programmeId, document }: { programmeId: number; document: BookDocument },
  { now, timeZone }: Pick<By, 'now' | 'timeZone'>,
): Promise<Weight | null> {
  await sql`select from programmes where id = ${programmeId} for no key update`
  const { approval_book_kopecks: most } = await readThresholds(sql, programmeId)
  const rules = await readRules(sql, { programmeId, since: now, timeZone })
  const of = { version: 0, validFrom: 0, timeZone: rules.timeZone }
  const book = { ...document, ...of }
  const cost = await costOf(sql, { book, programmeId, from: now - MONTH_MS, to: now })
  const [latest] = await sql<{ version: number; document: unknown; stores: number }[]>`
    select version, document, (select count(*)::int from stores where programme_id = ${programmeId}) as stores
    from rule_books where programme_id = ${programmeId} order by version desc limit 1`
  if (!latest) throw new Error(`programme ${programmeId} has no rule book`)
  const raise = raiseOf(readBook(latest.document, of), document, latest.stores, most)
  if (cost !== null && cost <= most && raise === 0) return null
  const kopecks = cost === null ? null : Math.max(cost, raise)
  const effect = kopecks === null ? null : { points: kopecks / worthKopecks(1), kopecks }
  return { programmeId, effect, basis: { version: latest.version } }
}

/** By how much budgets of more than so much are larger, those that are new by all of it. */
function raiseOf(before: Book, { budgets }: BookDocument, stores: number, most: number): number {
  const limitOf = ({ limit_points, per_store }: Budget) =>
    worthKopecks(limit_points) * (per_store ? Math.max(1, stores) : 1)
  const was = new Map(before.budgets.map((budget) => [budget.id, limitOf(budget)]))
  return budgets
    .filter((budget) => limitOf(budget) > most)
    .reduce((sum, budget) => sum + Math.max(0, limitOf(budget) - (was.get(budget.id) ?? 0)), 0)
}

/** In kopecks; null where it cannot be told in time. */
async function costOf(
  sql: Tx,
  tried: Pick<Parameters<typeof tryBook>[1], 'book' | 'programmeId' | 'from' | 'to'>,
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
