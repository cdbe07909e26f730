import { isDeepStrictEqual } from 'node:util'
import type { Fragment } from 'postgres'
import { type Book, type BookDocument, bookDocumentSchema } from '../../shared/rules/book.ts'
import { segmentsAskedBy } from '../../shared/rules/facts.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { createTally, type JudgedPurchase, type Trial, type TriedPurchase } from './bookTally.ts'
import { createBudgetEnds } from './budgetEnd.ts'

const PURCHASES_A_LOOK = 1000
const TELL_EVERY = 10_000

/**
 * Judges the purchases of a period again, and writes nothing. Each is judged by what was known when the ledger judged
 * it, which is kept with it; what a draft asks beyond that is counted anew. Memory does not grow with the period: the
 * purchases come customer by customer.
 */
export async function tryBook(
  sql: Sql | Tx,
  {
    book,
    programmeId,
    from,
    to,
    tell,
    onPurchase,
    segments,
    tellEvery = TELL_EVERY,
    patience = '30min',
  }: {
    book: Book
    programmeId: number
    from: Instant
    to: Instant
    /** Of every so many. */
    tell: (operations: number) => void
    tellEvery?: number
    /** Hears of each what it would have earned, customer by customer. */
    onPurchase?: (purchase: TriedPurchase) => void
    /** Where the book asks for segments: the names of those in which `customers` are now, as SQL. */
    segments?: Fragment | null
    /** Of the database, as it says so itself; after it the trial fails. */
    patience?: string
  },
): Promise<Trial> {
  return await look(sql, async (sql) => {
    // The first look sorts the whole history, which no sale waits for.
    await sql`select set_config('statement_timeout', ${patience}, true)`
    const names = new Map(
      (await sql<{ id: number; name: string }[]>`select id, name from stores`).map(({ id, name }) => [
        id,
        name,
      ]),
    )
    const published = await readPublished(sql, programmeId)
    const tally = createTally(book, names, {
      ends: createBudgetEnds(book, { from, to }),
      versionsAlike: versionsLike(published, book),
      askedBy: new Map(
        published.map(({ version, document }) => [version, new Set(segmentsAskedBy(document))]),
      ),
    })
    const rows = sql<JudgedPurchase[]>`
      select purchase.customer_id as "customerId", customers.card, ${segments ?? sql`null::text[]`} as segments, purchase.id, purchase.at, purchase.store_id as "storeId",
        purchase.purchase_kopecks as "purchaseKopecks", coalesce(purchase.quote, apply.quote) as quote,
        customers.created_at as "registeredAt", purchase.before as "purchasesBefore", last_at as "lastAt", operation_items.items,
        (select json_build_object('name', after) from status_snapshots
          where status_snapshots.customer_id = purchase.customer_id and status_snapshots.at <= purchase.at
          order by seq desc limit 1) as status
      from (
        select *, count(*) over (partition by customer_id order by recorded_at, id) - 1 as before,
          lag(at) over (partition by customer_id order by at, id) as last_at
        from operations
        where programme_id = ${programmeId} and status = 'accepted' and kind in ('earn', 'redeem') and at < ${toIso(to)}
      ) purchase
      join customers on customers.id = purchase.customer_id
      left join operation_items on operation_items.operation_id = purchase.id
      left join operations apply on apply.customer_id = purchase.customer_id and apply.reference_id = purchase.id
        and apply.kind = 'apply' and apply.status = 'accepted' and apply.reference_id is not null
      where purchase.at >= ${toIso(from)} and (purchase.kind = 'earn' or apply.id is not null)
      order by purchase.customer_id, purchase.recorded_at, purchase.id`
    for await (const some of rows.cursor(PURCHASES_A_LOOK))
      for (const row of some) {
        const judged = tally.add(row)
        const { id, customerId, storeId, at, purchaseKopecks: kopecks } = row
        onPurchase?.({ id, customerId, storeId, at, kopecks, ...judged })
        if (tally.operations() % tellEvery === 0) tell(tally.operations())
      }
    return tally.end()
  })
}

/** Into one moment; inside of a transaction, into what that sees. */
function look<T>(sql: Sql | Tx, read: (sql: Tx) => Promise<T>) {
  return 'savepoint' in sql
    ? sql.savepoint(read)
    : sql.begin('isolation level repeatable read read only', read)
}

interface Published {
  version: number
  document: BookDocument
}

async function readPublished(sql: Tx, programmeId: number): Promise<Published[]> {
  const published = await sql<{ version: number; document: unknown }[]>`
    select version, document from rule_books where programme_id = ${programmeId}`
  return published.map(({ version, document }) => ({ version, document: bookDocumentSchema.parse(document) }))
}

/** The versions that say the same as this book: of what they judged it is known what budgets and days had given. */
function versionsLike(
  published: Published[],
  { version: _, validFrom: __, timeZone: ___, ...document }: Book,
): Set<number> {
  const alike = published.filter((book) => isDeepStrictEqual(book.document, document))
  return new Set(alike.map(({ version }) => version))
}
