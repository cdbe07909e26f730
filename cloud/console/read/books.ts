import { campaignOfBudget } from '../../../shared/campaigns/inBook.ts'
import type { Book, BudgetGiven } from '../../../shared/console/books.ts'
import { readBook } from '../../../shared/rules/book.ts'
import { differencesOf } from '../../../shared/rules/difference.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import type { BudgetShown } from '../../ledger/readBudgets.ts'

export type ReadBook = Omit<Book, 'budgets'>

interface Row {
  version: number
  validFrom: Instant
  publishedAt: Instant
  publishedBy: string
  reason: string
  document: unknown
  /** The document that was valid before it began. */
  before: unknown
  currentVersion: number
  /** A newer one begins together with it, so it never holds. */
  isReplaced: boolean
}

interface Wanted {
  programmeId: number
  /** One version; all if left out. */
  version?: number | undefined
  /** Only versions older than this one. */
  before?: number | undefined
  limit: number
  now: Instant
}

/**
 * The books of a programme, the latest published first, each with its changes. A book takes over from the one that was
 * valid until it began, which need not be the one that was published before it.
 */
export async function readBooks(
  sql: Sql,
  { programmeId, version, before, limit, now }: Wanted,
): Promise<ReadBook[]> {
  const rows = await sql<Row[]>`
    select version, valid_from as "validFrom", published_at as "publishedAt", published_by as "publishedBy", reason,
      document, (
        select document from rule_books earlier
        where earlier.programme_id = book.programme_id
          and earlier.valid_from < book.valid_from
        order by earlier.valid_from desc, earlier.version desc limit 1) as before,
      coalesce((
        select version from rule_books where programme_id = ${programmeId} and valid_from <= ${toIso(now)}
        order by valid_from desc, version desc limit 1), 1) as "currentVersion",
      exists (
        select from rule_books newer
        where newer.programme_id = book.programme_id and newer.valid_from = book.valid_from
          and newer.version > book.version) as "isReplaced"
    from rule_books book
    where programme_id = ${programmeId}
      ${version === undefined ? sql`` : sql`and version = ${version}`}
      ${before === undefined ? sql`` : sql`and version < ${before}`}
    order by version desc limit ${limit}`
  return rows.map(({ validFrom, publishedAt, before, currentVersion, isReplaced, ...row }) => {
    const book = documentOf(row.document)
    return {
      ...row,
      state:
        row.version === currentVersion
          ? 'current'
          : validFrom <= now
            ? 'past'
            : isReplaced
              ? 'replaced'
              : 'scheduled',
      ...{ validFrom: toIso(validFrom), publishedAt: toIso(publishedAt) },
      ...{ rules: book.rules.length, statuses: book.statuses.length },
      differences: before ? differencesOf(documentOf(before), book) : [],
    }
  })
}

const documentOf = (document: unknown) => readBook(document, { version: 0, validFrom: 0, timeZone: 'UTC' })

export const tellBudget = ({
  budgetId: id,
  title,
  store,
  period,
  spent,
  limit,
  left,
}: BudgetShown): BudgetGiven => ({
  ...{ id, title, store, campaign: campaignOfBudget(id), period, spent, limit, left },
})
