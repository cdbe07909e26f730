import postgres from 'postgres'
import { worthKopecks } from '../../shared/money.ts'
import type { BookDocument } from '../../shared/rules/book.ts'
import { DAY } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'
import { readRules } from '../ledger/programme.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { tryBook } from '../ledger/tryBook.ts'
import type { By } from './act.ts'
import type { Effect, Weight } from './proposalRows.ts'

const MONTH_MS = 30 * DAY
/** An answer is waited for: what cannot be told by then is for two people. */
const PATIENCE = '3s'

/**
 * Of the next version of a book: what the purchases of the latest 30 days would have earned by it, less what they did. Approvals are of
 * what follows upon the version that is the latest now.
 */
export async function weighBook(
  sql: Tx,
  { programmeId, document }: { programmeId: number; document: BookDocument },
  { now, timeZone }: Pick<By, 'now' | 'timeZone'>,
): Promise<Weight | null> {
  await sql`select from programmes where id = ${programmeId} for no key update`
  const { approval_book_kopecks: most } = await readThresholds(sql, programmeId)
  const rules = await readRules(sql, { programmeId, since: now, timeZone })
  const book = { ...document, version: 0, validFrom: 0, timeZone: rules.timeZone }
  const effect = await costOf(sql, { book, programmeId, from: now - MONTH_MS, to: now })
  if (effect !== null && effect.kopecks <= most) return null
  const [latest] = await sql<{ version: number }[]>`
    select max(version) as version from rule_books where programme_id = ${programmeId}`
  return { programmeId, effect, basis: { version: latest?.version ?? 0 } }
}

/** Null where it cannot be told in time. */
async function costOf(
  sql: Tx,
  tried: Pick<Parameters<typeof tryBook>[1], 'book' | 'programmeId' | 'from' | 'to'>,
): Promise<Effect | null> {
  try {
    const { points } = await tryBook(sql, { ...tried, tell: () => {}, patience: PATIENCE })
    const more = points.after - points.before
    return { points: more, kopecks: worthKopecks(more) }
  } catch (error) {
    if (error instanceof postgres.PostgresError && error.code === QUERY_CANCELED) return null
    throw error
  }
}

const QUERY_CANCELED = '57014'
