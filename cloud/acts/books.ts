import { z } from 'zod'
import type { BookDocument } from '../../shared/rules/book.ts'
import { type Problem, readWritten } from '../../shared/rules/written.ts'
import { toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { publishBook } from '../ledger/books.ts'
import { authorName } from '../ledger/rows.ts'
import { act, InputError } from './act.ts'
import { weighBook } from './bookCost.ts'
import { instantInput, textInput } from './inputs.ts'
import { placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

/** All that is wrong with a book for this programme, the stores that it does not have among it. */
export async function checkBook(
  sql: Sql | Tx,
  programmeId: number,
  written: unknown,
): Promise<{ document: BookDocument | null; problems: Problem[] }> {
  const read = readWritten(written)
  if (!read.document) return read
  const stores = await sql<{ id: number }[]>`select id from stores where programme_id = ${programmeId}`
  const known = new Set(stores.map(({ id }) => id))
  const problems = read.document.rules.flatMap(({ when }, rule) =>
    when.flatMap((condition, place) =>
      condition.type !== 'stores'
        ? []
        : condition.ids
            .filter((id) => !known.has(id))
            .map((id) => ({
              path: `rules[${rule}].when[${place}].ids`,
              message: `there is no store ${id}: see "store list"`,
            })),
    ),
  )
  return { document: problems.length === 0 ? read.document : null, problems }
}

/** Holds for the sales from its beginning on, in every process and at every till. */
export const publishRuleBook = act({
  name: 'book publish',
  title: 'Publish the next version of the rule book',
  input: z.strictObject({
    document: z.unknown(),
    /** Absent: at once. */
    at: instantInput.optional(),
    reason: textInput,
    programme: programmeInput,
  }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  /** What cannot be published at all is told by the run. */
  async weigh(sql, { document: written, programme }, by) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const { document } = await checkBook(sql, programmeId, written)
    return document && (await weighBook(sql, { programmeId, document }, by))
  },
  async run(sql, { document: written, at, reason, programme }, { who, now }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const { document, problems } = await checkBook(sql, programmeId, written)
    if (!document) throw new InputError(`The book was not published. ${sentencesOf(problems)}`)
    if (at !== undefined && at < now)
      throw new InputError(
        `The book was not published: ${toIso(at)} is over, and its sales are judged already. Leave --at out for now.`,
      )
    await sql`select from programmes where id = ${programmeId} for no key update`
    const validFrom = at ?? now
    const publication = { document, validFrom, by: authorName(who), reason, now }
    const version = await publishBook(sql, { programmeId, ...publication })
    const after = { version, validFrom: toIso(validFrom), rules: document.rules.length, reason }
    return { result: { version }, change: { subject: `rule book of programme ${programmeId}`, after } }
  },
})

export const sentencesOf = (problems: Problem[]) =>
  problems.map(({ path, message }) => `${path || 'the document'}: ${message}.`).join(' ')
