import { z } from 'zod'
import { bookAt } from '../../shared/rules/book.ts'
import { presets, statusPreset } from '../../shared/rules/presets.ts'
import type { Rule } from '../../shared/rules/rule.ts'
import { moment, toIso } from '../../shared/time.ts'
import { InputError, perform } from '../acts/act.ts'
import { checkBook, publishRuleBook, sentencesOf } from '../acts/books.ts'
import { idInput, instantInput, textInput } from '../acts/inputs.ts'
import { findProgramme, programmeInput } from '../acts/programmes.ts'
import { namesAskedBy } from '../insight/segments/members.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import { readRules } from '../ledger/programme.ts'
import { tryBook } from '../ledger/tryBook.ts'
import { type Command, command, type House } from './command.ts'
import { table } from './print.ts'
import { readWrittenFile } from './writtenFile.ts'

interface ListedBook {
  version: number
  /** Replaced: a newer one begins together with it, so it never holds. */
  state: 'past' | 'valid' | 'scheduled' | 'replaced'
  validFrom: string
  publishedAt: string
  publishedBy: string
  reason: string
  hash: string
  rules: number
}

export async function listBooks(
  { sql, now }: House,
  { programme }: { programme?: string | undefined } = {},
): Promise<{ books: ListedBook[] }> {
  const { id: programmeId } = await findProgramme(sql, programme)
  const [rows, { books }] = await Promise.all([
    sql<
      (Omit<ListedBook, 'state' | 'validFrom' | 'publishedAt'> &
        Record<'validFrom' | 'publishedAt', number>)[]
    >`
      select version, valid_from as "validFrom", published_at as "publishedAt", published_by as "publishedBy", reason,
        encode(hash, 'hex') as hash, coalesce(jsonb_array_length(document -> 'rules'), 0) as rules
      from rule_books where programme_id = ${programmeId} order by valid_from, version`,
    readRules(sql, { programmeId, since: now }),
  ])
  const valid = bookAt(books, now).version
  return {
    books: rows.map(({ validFrom, publishedAt, ...row }, index) => ({
      ...row,
      state:
        row.version === valid
          ? 'valid'
          : validFrom <= now
            ? 'past'
            : rows[index + 1]?.validFrom === validFrom
              ? 'replaced'
              : 'scheduled',
      ...{ validFrom: toIso(validFrom), publishedAt: toIso(publishedAt) },
    })),
  }
}

const showInput = z.strictObject({ version: idInput.optional(), programme: programmeInput })

/** The valid one, or any that there ever was. */
export async function showBook(house: House, { version, programme }: z.output<typeof showInput> = {}) {
  const { id: programmeId } = await findProgramme(house.sql, programme)
  const { books } = await listBooks(house, { programme })
  const book = books.find((book) =>
    version === undefined ? book.state === 'valid' : book.version === version,
  )
  if (!book) throw new InputError(`There is no version ${version} of the rule book: see "book list".`)
  const [row] = await house.sql<{ document: { rules?: unknown[] } }[]>`
    select document from rule_books where programme_id = ${programmeId} and version = ${book.version}`
  return { ...book, document: row?.document ?? {} }
}

const fileInput = { file: z.string().min(1), programme: programmeInput }

export async function checkFile(
  { sql }: House,
  { file, programme }: { file: string; programme?: string | undefined },
) {
  const { id: programmeId } = await findProgramme(sql, programme)
  const { document, problems } = await checkBook(sql, programmeId, await readWrittenFile(file))
  return {
    problems,
    notes: (document?.rules ?? []).flatMap((rule) => notesOf(rule, document?.statuses.length === 0)),
  }
}

/** What a rule asks for that is not known yet, or not everywhere. */
function notesOf({ id, when }: Rule, hasNoStatuses: boolean): string[] {
  const types = new Set(when.map(({ type }) => type))
  return [
    ...(hasNoStatuses && types.has('status') ? [`${id} gives nothing: the book has no statuses.`] : []),
    ...(types.has('items') ? [`${id} gives something only where 1C sends what was bought.`] : []),
  ]
}

const publishInput = z.strictObject({ ...fileInput, at: instantInput.optional(), reason: textInput })

export async function publishFile(house: House, { file, ...rest }: z.output<typeof publishInput>) {
  return await perform(publishRuleBook, { document: await readWrittenFile(file), ...rest }, house)
}

const tryInput = z.strictObject({ ...fileInput, from: instantInput, to: instantInput })

/** Writes nothing. */
export async function tryFile(house: House, { file, from, to, programme }: z.output<typeof tryInput>) {
  const { sql, timeZone, now } = house
  if (from >= to) throw new InputError('The period ends before it begins: see --from and --to.')
  const { id: programmeId } = await findProgramme(sql, programme)
  const { document, problems } = await checkBook(sql, programmeId, await readWrittenFile(file))
  if (!document) throw new InputError(`The book cannot be tried. ${sentencesOf(problems)}`)
  const segments = await readSegmentsOf(sql, { programmeId, now, timeZone })
  const book = { ...document, version: 0, validFrom: 0, timeZone: segments.timeZone }
  const tell = (operations: number) => house.warn(`${operations} purchases are judged.`)
  return await tryBook(sql, {
    book,
    programmeId,
    from,
    to,
    tell,
    segments: namesAskedBy(sql, book, segments),
  })
}

function textOfTrial({
  operations,
  points,
  byRule,
  byStore,
  byBudget,
  customers,
  skipped,
  countedAnew,
}: Awaited<ReturnType<typeof tryFile>>): string {
  const reasons = Object.entries(skipped).flatMap(([rule, whys]) =>
    Object.entries(whys).map(([why, times]) => [rule, why, times]),
  )
  return [
    `${operations} purchases: ${points.before} points were earned by them, and ${points.after} would have been. ` +
      `Customers with more: ${customers.better}, with fewer: ${customers.worse}, with the same: ${customers.same}.`,
    ...(countedAnew === 0
      ? []
      : [
          `Of ${countedAnew} purchases the book asks what was not kept with them, or what another book had given: it was ` +
            'counted anew, purchases that were returned later among it, and of budgets customer by customer.',
        ]),
    table(
      ['rule', 'points before', 'after', 'times'],
      byRule.map(({ ruleId, before, after, awards }) => [ruleId ?? 'base', before, after, awards]),
    ),
    table(
      ['store', 'points before', 'after'],
      byStore.map(({ name, before, after }) => [name, before, after]),
    ),
    ...(byBudget.length === 0
      ? []
      : [
          table(
            ['budget', 'period', 'store', 'points before', 'after', 'used up on'],
            byBudget.map(({ budgetId, period, storeId, before, after, end }) => [
              ...[budgetId, period, storeId, before, after],
              end && (end.isSeen ? end.on : `${end.on}, if purchases go on alike`),
            ]),
          ),
        ]),
    ...(reasons.length === 0 ? [] : [table(['rule', 'gave nothing because', 'times'], reasons)]),
  ].join('\n\n')
}

const presetInput = z.strictObject({ name: textInput.optional() })

/** Rules to begin with. */
async function showPresets(_house: House, { name }: z.output<typeof presetInput> = {}) {
  const all = [statusPreset, ...presets]
  const found = all.filter((preset) => name === undefined || preset.name === name)
  if (found.length === 0)
    throw new InputError(
      `There is no preset "${name}". There are: ${all.map(({ name }) => name).join(', ')}.`,
    )
  return { presets: found }
}

export const bookCommands: Record<string, Command> = {
  'book list': command({
    usage: 'book list [--programme <id or name>]',
    input: z.strictObject({ programme: programmeInput }),
    run: listBooks,
    text: ({ books }) =>
      table(
        ['version', 'state', 'valid from (UTC)', 'rules', 'published by', 'reason'],
        books.map((book) => [
          ...[book.version, book.state, moment(book.validFrom), book.rules, book.publishedBy, book.reason],
        ]),
      ),
  }),
  'book show': command({
    usage: 'book show [--version <number>] [--programme <id or name>]',
    input: showInput,
    run: showBook,
    text: ({ version, state, validFrom, publishedBy, reason, document }) =>
      `Version ${version}, ${state}, from ${moment(validFrom)} UTC on; published by ${publishedBy}: ${reason}\n\n` +
      JSON.stringify(document, null, 2),
  }),
  'book check': command({
    usage: 'book check <file> [--programme <id or name>]',
    input: z.strictObject(fileInput),
    positionals: ['file'],
    run: checkFile,
    text: ({ problems, notes }) =>
      problems.length > 0
        ? table(
            ['where', 'what'],
            problems.map(({ path, message }) => [path || 'the document', message]),
          )
        : ['The book can be published.', ...notes].join('\n'),
    exitCode: ({ problems }) => (problems.length > 0 ? 1 : 0),
  }),
  'book try': command({
    usage: 'book try <file> --from <date> --to <date> [--programme <id or name>]',
    input: tryInput,
    positionals: ['file'],
    run: tryFile,
    text: textOfTrial,
  }),
  'book publish': command({
    usage: 'book publish <file> [--at <ISO>] --reason <why> [--programme <id or name>]',
    input: publishInput,
    positionals: ['file'],
    run: publishFile,
    text: ({ version }) => `Published version ${version}. Registers are told with their next heartbeat.`,
  }),
  'book presets': command({
    usage: 'book presets [--name <preset>]',
    input: presetInput,
    run: showPresets,
    text: ({ presets: [only, ...more] }) =>
      only && more.length === 0
        ? JSON.stringify('rule' in only ? only.rule : only.book, null, 2)
        : table(
            ['name', 'title'],
            [...(only ? [only] : []), ...more].map(({ name, title }) => [name, title]),
          ),
  }),
}
