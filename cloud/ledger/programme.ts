import { type Programme, type Settings, settingsSchema } from '../../shared/programme.ts'
import { type Book, type BookDocument, bookAt, bookDocumentSchema } from '../../shared/rules/book.ts'
import { DEFAULT_TIME_ZONE, type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

/** The programme that exists from the start; the bot and the Mini App belong to it. */
export const FIRST_PROGRAMME = 1

/** The rules by which the ledger judges: the settings of this moment, and for each sale the book of its time. */
export interface Rules {
  settings: Settings
  books: Book[]
  timeZone: string
  /** Since when no customer earns or spends; null: the programme is not frozen. */
  frozenAt: Instant | null
  /** The segments whose members are all known. */
  followedSegments: string[]
  /** Grows with every change of the settings and books. */
  version: number
}

export interface RulesRow {
  programmeId: number
  settings: unknown
  timeZone: string | null
  frozenAt: Instant | null
  followedSegments: string[]
  version: number
  books: { version: number; validFrom: string; hash: string; document: unknown }[]
}

/** What the environment overrides in the settings of a programme, and the time zone where it has none. */
interface Around {
  holdSeconds?: number | undefined
  timeZone?: string | undefined
}

interface Which extends Around {
  programmeId: number
}

const notThere = (programmeId: number) => new Error(`there is no programme ${programmeId}`)

function settingsOf(row: { settings: unknown }, holdSeconds: number | undefined): Settings {
  const settings = settingsSchema.parse(row.settings)
  return holdSeconds === undefined ? settings : { ...settings, hold_seconds: holdSeconds }
}

/** The settings, and the books from the one that was valid at `since` on, future ones too. */
export async function readRules(
  sql: Sql | Tx,
  { programmeId, since, ...around }: Which & { since: Instant },
): Promise<Rules> {
  const rules = rulesOf(await selectRules(sql, { programmeIds: [programmeId], since }), around)
  const found = rules.get(programmeId)
  if (!found) throw notThere(programmeId)
  return found
}

/** Read with every batch, so that a change is valid at once and in every process. Null: the rules of all programmes. */
export async function selectRules(
  sql: Sql | Tx,
  { programmeIds, since }: { programmeIds: number[] | null; since: Instant },
): Promise<RulesRow[]> {
  return await sql<RulesRow[]>`
    select ${rulesColumns(sql, since)} from programmes ${ofProgrammes(sql, programmeIds)} order by id`
}

export const rulesColumns = (sql: Sql | Tx, since: Instant) => sql`
  id as "programmeId", settings, time_zone as "timeZone", round(date_part('epoch', frozen_at) * 1000) as "frozenAt",
  followed_segments as "followedSegments", version, (
    select json_agg(json_build_object(
      'version', version, 'validFrom', valid_from, 'hash', encode(hash, 'hex'), 'document', document))
    from rule_books
    where programme_id = programmes.id and (valid_from, version) >= all (
      select valid_from, version from rule_books
      where programme_id = programmes.id and valid_from <= ${toIso(since)}
      order by valid_from desc, version desc limit 1)) as books`

export const ofProgrammes = (sql: Sql | Tx, ids: number[] | null) =>
  ids === null ? sql`` : sql`where id = any(${ids}::int[])`

/** By programme. */
export function rulesOf(
  rows: RulesRow[],
  { holdSeconds, timeZone: fallback = DEFAULT_TIME_ZONE }: Around = {},
): Map<number, Rules> {
  return new Map(
    rows.map(({ programmeId, version, frozenAt, followedSegments, books, ...row }) => {
      const timeZone = row.timeZone ?? fallback
      const parsed = books.map(({ version, validFrom, ...written }) => ({
        ...{ ...documentOf(written), version, validFrom: Date.parse(validFrom), timeZone },
      }))
      const settings = settingsOf(row, holdSeconds)
      return [programmeId, { settings, books: parsed, timeZone, frozenAt, followedSegments, version }]
    }),
  )
}

const MOST_DOCUMENTS = 1000
const documents = new Map<string, BookDocument>()

/** A published book never changes, so it is parsed once, and not for every batch that it judges. */
function documentOf({ hash, document }: { hash: string; document: unknown }): BookDocument {
  const known = documents.get(hash)
  if (known) return known
  if (documents.size >= MOST_DOCUMENTS) documents.clear()
  const parsed = bookDocumentSchema.parse(document)
  documents.set(hash, parsed)
  return parsed
}

/** By what a change of a setting stands in the log of changes. */
export const subjectOfSetting = (key: string, programmeId: number) =>
  `setting ${key}${programmeId === FIRST_PROGRAMME ? '' : ` of programme ${programmeId}`}`

/** The settings alone, for callers that judge no points. */
export async function readSettings(sql: Sql | Tx, { programmeId, holdSeconds }: Which): Promise<Settings> {
  const [row] = await sql<{ settings: unknown }[]>`select settings from programmes where id = ${programmeId}`
  if (!row) throw notThere(programmeId)
  return settingsOf(row, holdSeconds)
}

/** The settings of all programmes, for jobs. */
export async function readSettingsOfAll(
  sql: Sql | Tx,
): Promise<{ programmeId: number; settings: Settings }[]> {
  const rows = await sql<{ programmeId: number; settings: unknown }[]>`
    select id as "programmeId", settings from programmes order by id`
  return rows.map((row) => ({ programmeId: row.programmeId, settings: settingsOf(row, undefined) }))
}

/** The time zone of a programme's shops; null where it has none of its own, and the one of the cloud is valid. */
export async function readTimeZone(sql: Sql | Tx, programmeId: number): Promise<string | null> {
  const [row] = await sql<{ zone: string | null }[]>`
    select time_zone as zone from programmes where id = ${programmeId}`
  if (!row) throw notThere(programmeId)
  return row.zone
}

/** Since when no customer of the programme earns or spends; null where it is not frozen. */
export async function readFrozenAt(sql: Sql, programmeId: number): Promise<Instant | null> {
  const [row] = await sql<{ frozenAt: Instant | null }[]>`
    select frozen_at as "frozenAt" from programmes where id = ${programmeId}`
  if (!row) throw notThere(programmeId)
  return row.frozenAt
}

/** The number of changes of settings and books: a reader who has seen this version has seen them all. */
export async function readRulesVersion(sql: Sql, programmeId: number): Promise<number> {
  const [row] = await sql<{ version: number }[]>`select version from programmes where id = ${programmeId}`
  if (!row) throw notThere(programmeId)
  return row.version
}

/** The settings and the base of the valid book, for people and for registers of an older version. */
export function programmeAt({ settings, books }: Pick<Rules, 'settings' | 'books'>, now: Instant): Programme {
  return { ...bookAt(books, now).base, ...settings }
}

export async function readProgramme(
  sql: Sql | Tx,
  { now, ...which }: Which & { now: Instant },
): Promise<{ programme: Programme; version: number }> {
  const rules = await readRules(sql, { ...which, since: now })
  return { programme: programmeAt(rules, now), version: rules.version }
}
