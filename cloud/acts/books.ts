import { z } from 'zod'
import type { BookDocument } from '../../shared/rules/book.ts'
import { type Problem, readWritten } from '../../shared/rules/written.ts'
import { builtInSegments } from '../../shared/segments/builtIn.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { publishBook } from '../ledger/books.ts'
import { authorName } from '../ledger/rows.ts'
import { act, InputError } from './act.ts'
import { weighBook } from './bookCost.ts'
import { idInput, instantInput, textInput } from './inputs.ts'
import { placeOfProgramme } from './place.ts'
import { findProgramme, programmeInput } from './programmes.ts'

/** All that is wrong with a book for this programme, also stores and segments that the programme does not have. */
export async function checkBook(
  sql: Sql | Tx,
  programmeId: number,
  written: unknown,
  { isKept = false } = {},
): Promise<{ document: BookDocument | null; problems: Problem[] }> {
  const read = readWritten(written, { isKept })
  if (!read.document) return read
  const { rules, statuses } = read.document
  const [stores, segments] = await Promise.all([
    sql<{ id: number }[]>`select id from stores where programme_id = ${programmeId}`,
    sql<{ name: string }[]>`select name from segments where programme_id = ${programmeId}`,
  ])
  const knownStores = new Set(stores.map(({ id }) => id))
  const knownSegments = new Set([...builtInSegments(statuses), ...segments].map(({ name }) => name))
  const problems = rules.flatMap(({ when, audience }, rule) => [
    ...when.flatMap((condition, place) => {
      const at = `rules[${rule}].when[${place}]`
      if (condition.type === 'stores')
        return condition.ids
          .filter((id) => !knownStores.has(id))
          .map((id) => ({ path: `${at}.ids`, message: `there is no store ${id}: see "store list"` }))
      if (condition.type !== 'segment') return []
      return (['in', 'not_in'] as const).flatMap((key) =>
        unknownAmong(condition[key] ?? [], knownSegments, `${at}.${key}`),
      )
    }),
    ...unknownAmong(audience === undefined ? [] : [audience], knownSegments, `rules[${rule}].audience`),
  ])
  return { document: problems.length === 0 ? read.document : null, problems }
}

const unknownAmong = (names: string[], known: ReadonlySet<string>, path: string): Problem[] =>
  names
    .filter((name) => !known.has(name))
    .map((name) => ({ path, message: `there is no segment ${name}: see "segment list"` }))

/** Publishes a book. It is valid for sales from its beginning on, in every process and at every till. */
export const publishRuleBook = act({
  name: 'book publish',
  title: 'Publish the next version of the rule book',
  input: z.strictObject({
    document: z.unknown(),
    /** Absent: at once. */
    at: instantInput.optional(),
    reason: textInput,
    /** The version it was made from: refused where a newer one was published since, whose changes it would undo. */
    follows: idInput.optional(),
    programme: programmeInput,
  }),
  place: (sql, { programme }) => placeOfProgramme(sql, programme),
  /** A book that cannot be published at all is refused by `run`. */
  async weigh(sql, { document: written, programme }, by) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const { document } = await checkBook(sql, programmeId, written)
    return document && (await weighBook(sql, { programmeId, document }, by))
  },
  async run(sql, { document: written, at, reason, follows, programme }, { who, now }) {
    const { id: programmeId } = await findProgramme(sql, programme)
    const { document, problems } = await checkBook(sql, programmeId, written)
    if (!document) throw new InputError(`The book was not published. ${sentencesOf(problems)}`)
    if (at !== undefined && at < now)
      throw new InputError(
        `The book was not published: ${toIso(at)} is over, and its sales are judged already. Leave --at out for now.`,
      )
    await sql`select from programmes where id = ${programmeId} for no key update`
    await refuseOvertaken(sql, { programmeId, follows, now })
    const validFrom = at ?? now
    const publication = { document, validFrom, by: authorName(who), reason, now }
    const version = await publishBook(sql, { programmeId, ...publication })
    const after = { version, validFrom: toIso(validFrom), rules: document.rules.length, reason }
    return { result: { version }, change: { subject: `rule book of programme ${programmeId}`, after } }
  },
})

async function refuseOvertaken(
  sql: Tx,
  { programmeId, follows, now }: { programmeId: number; follows: number | undefined; now: Instant },
): Promise<void> {
  if (follows === undefined) return
  const [current] = await sql<{ version: number }[]>`
    select version from rule_books where programme_id = ${programmeId} and valid_from <= ${toIso(now)}
    order by valid_from desc, version desc limit 1`
  if (current && current.version !== follows)
    throw new InputError(
      `The book was not published: it was made from version ${follows}, and version ${current.version} holds by now. Begin with that one.`,
    )
}

export const sentencesOf = (problems: Problem[]) =>
  problems.map(({ path, message }) => `${path || 'the document'}: ${message}.`).join(' ')
