import type { BookDocument } from '../../shared/rules/book.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'

interface Publication {
  document: BookDocument
  /** From when on sales are judged by it; never in the past, where sales are judged already. */
  validFrom: Instant
  by: string
  reason: string
  now: Instant
}

/**
 * Makes a book the next version. The caller has the row of the programme locked, so that versions follow one
 * another without a gap, and its version tells every register to ask for the books anew.
 */
export async function publishBook(sql: Tx, { document, by, reason, ...times }: Publication): Promise<number> {
  const validFrom = Math.max(times.validFrom, times.now)
  const [published] = await sql<{ version: number }[]>`
    insert into rule_books (version, valid_from, document, hash, published_at, published_by, reason)
    select (select coalesce(max(version), 0) + 1 from rule_books), ${toIso(validFrom)}, document,
      sha256(convert_to(document::text, 'UTF8')), ${toIso(times.now)}, ${by}, ${reason}
    from (select ${JSON.stringify(document)}::text::jsonb as document) book
    returning version`
  if (!published) throw new Error('the book was not published')
  await sql`update programme set version = version + 1`
  return published.version
}
