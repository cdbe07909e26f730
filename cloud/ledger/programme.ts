import { type Programme, type Settings, settingsSchema } from '../../shared/programme.ts'
import { type Book, bookAt, bookDocumentSchema } from '../../shared/rules/book.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

/** By what the ledger judges: the settings of this moment, and for each sale the book of its time. */
export interface Rules {
  settings: Settings
  books: Book[]
  /** Counts the changes of either. */
  version: number
}

interface RulesRow {
  settings: unknown
  version: number
  books: { version: number; validFrom: string; document: unknown }[]
}

const noProgramme = () => new Error('the programme has no settings row: the migrations are not whole')

function settingsOf(row: { settings: unknown } | undefined, holdSeconds: number | undefined): Settings {
  if (!row) throw noProgramme()
  const settings = settingsSchema.parse(row.settings)
  return holdSeconds === undefined ? settings : { ...settings, hold_seconds: holdSeconds }
}

/** The settings, and the books from the one that was valid at `since` on, those that are still to come among them. */
export async function readRules(sql: Sql | Tx, since: Instant, holdSeconds?: number): Promise<Rules> {
  return rulesOf(await selectRules(sql, since), holdSeconds)
}

/** Read with every batch, so that a change holds at once and in every process. */
export async function selectRules(sql: Sql | Tx, since: Instant): Promise<RulesRow | undefined> {
  const [row] = await sql<RulesRow[]>`
    select settings, version, (
      select json_agg(json_build_object('version', version, 'validFrom', valid_from, 'document', document))
      from rule_books
      where (valid_from, version) >= all (
        select valid_from, version from rule_books where valid_from <= ${toIso(since)}
        order by valid_from desc, version desc limit 1)) as books
    from programme`
  return row
}

export function rulesOf(row: RulesRow | undefined, holdSeconds?: number): Rules {
  if (!row) throw noProgramme()
  return {
    settings: settingsOf(row, holdSeconds),
    version: row.version,
    books: row.books.map(({ version, validFrom, document }) => ({
      ...bookDocumentSchema.parse(document),
      version,
      validFrom: Date.parse(validFrom),
    })),
  }
}

/** For what has nothing to do with points. */
export async function readSettings(sql: Sql | Tx, holdSeconds?: number): Promise<Settings> {
  const [row] = await sql<{ settings: unknown }[]>`select settings from programme`
  return settingsOf(row, holdSeconds)
}

/** Counts the changes of settings and books: who has seen this one has seen them all. */
export async function readRulesVersion(sql: Sql): Promise<number> {
  const [row] = await sql<{ version: number }[]>`select version from programme`
  if (!row) throw noProgramme()
  return row.version
}

/** What is told to people and to registers of an older version: the settings, and the base of the valid book. */
export function programmeAt({ settings, books }: Rules, now: Instant): Programme {
  return { ...bookAt(books, now).base, ...settings }
}

export async function readProgramme(
  sql: Sql | Tx,
  now: Instant,
  holdSeconds?: number,
): Promise<{ programme: Programme; version: number }> {
  const rules = await readRules(sql, now, holdSeconds)
  return { programme: programmeAt(rules, now), version: rules.version }
}
