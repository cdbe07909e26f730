import { type BookDocument, bookDocumentSchema } from '../../shared/rules/book.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

export interface Standing {
  document: BookDocument
  validFrom: Instant
}

/** The valid book and the future ones; of books that begin together, the newest. */
export async function readStanding(
  sql: Sql | Tx,
  programmeId: number,
  now: Instant,
): Promise<{ current: Standing; toCome: Standing[] }> {
  const rows = await sql<{ document: unknown; validFrom: Instant }[]>`
    select distinct on (valid_from) document, valid_from as "validFrom" from rule_books
    where programme_id = ${programmeId} and valid_from >= coalesce((
      select max(valid_from) from rule_books where programme_id = ${programmeId} and valid_from <= ${toIso(now)}), '-infinity')
    order by valid_from, version desc`
  const [current, ...toCome] = rows.map(({ document, validFrom }) => ({
    ...{ document: bookDocumentSchema.parse(document), validFrom },
  }))
  if (!current) throw new Error(`programme ${programmeId} has no rule book`)
  return { current, toCome }
}
