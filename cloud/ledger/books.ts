import type { BookDocument } from '../../shared/rules/book.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Tx } from '../database/connect.ts'

interface Publication {
  programmeId: number
  document: BookDocument
  /** From when on sales are judged by it; never in the past, where sales are judged already. */
  validFrom: Instant
  by: string
  reason: string
  now: Instant
}

/**
 * Makes a book the next version of its programme. The caller has the row of the programme locked, so that versions
 * follow one another without a gap, and its version tells every register to ask for the books anew.
 */
export async function publishBook(
  sql: Tx,
  { programmeId, document, by, reason, ...times }: Publication,
): Promise<number> {
  const validFrom = Math.max(times.validFrom, times.now)
  const [published] = await sql<{ version: number }[]>`
    insert into rule_books (
      programme_id, version, valid_from, document, hash, published_at, published_by, reason)
    select ${programmeId}::int,
      (select coalesce(max(version), 0) + 1 from rule_books where programme_id = ${programmeId}::int),
      ${toIso(validFrom)}, document, sha256(convert_to(document::text, 'UTF8')), ${toIso(times.now)}, ${by}, ${reason}
    from (select ${JSON.stringify(document)}::text::jsonb as document) book
    returning version`
  if (!published) throw new Error('the book was not published')
  await sql`update programmes set version = version + 1 where id = ${programmeId}`
  return published.version
}
