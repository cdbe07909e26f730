import { type Book, bookAt } from '../../../shared/rules/book.ts'
import { EVERYBODY, segmentsAskedBy } from '../../../shared/rules/facts.ts'
import { localDayOf } from '../../../shared/rules/localTime.ts'
import type { Rule } from '../../../shared/rules/rule.ts'
import { entryStatus } from '../../../shared/rules/status.ts'
import type { Segment } from '../../../shared/segments/definition.ts'
import { DAY, type Instant } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { rulesOf, selectRules } from '../../ledger/programme.ts'
import type { Ground } from '../../ledger/segmentCondition.ts'
import { definedSegments } from '../../ledger/segments.ts'

/** The sales of a till without a network are judged by the book of their time, and come so much later. */
const LATE_MS = 7 * DAY

export interface KnownSegment extends Segment {
  isBuiltIn: boolean
  savedAt: Instant | null
  savedBy: string | null
}

/** The segments of a programme, and all that decides about their members. */
export interface Segments extends Ground {
  programmeId: number
  known: ReadonlyMap<string, KnownSegment>
  /** By segment, the rules that ask for it, of books of the last days and future ones. */
  rules: ReadonlyMap<string, AskingRule[]>
  /** The segments whose members are kept, in order: those that such books ask for. */
  kept: Segment[]
  /** The segments whose members are all kept, as the ledger knows. */
  followed: readonly string[]
}

type AskingRule = Pick<Rule, 'id' | 'title'>

interface Around {
  now: Instant
  /** The time zone of programmes that have none of their own. */
  timeZone: string
}

/** The segments of each programme, or of these ones. */
export async function readSegments(
  sql: Sql | Tx,
  { now, timeZone, programmeIds = null }: Around & { programmeIds?: number[] | null },
): Promise<Map<number, Segments>> {
  const [ruleRows, rows] = await Promise.all([
    selectRules(sql, { programmeIds, since: now - LATE_MS }),
    sql<SegmentRow[]>`
      select programme_id as "programmeId", name, title, definition, saved_at as "savedAt", saved_by as "savedBy"
      from segments order by name`,
  ])
  const rules = rulesOf(ruleRows, { timeZone })
  return new Map(
    [...rules].map(([programmeId, { books, timeZone, followedSegments: followed }]) => [
      programmeId,
      segmentsOf(programmeId, {
        ...{ books, timeZone, now, followed },
        rows: rows.filter((row) => row.programmeId === programmeId),
      }),
    ]),
  )
}

export async function readSegmentsOf(
  sql: Sql | Tx,
  { programmeId, ...around }: Around & { programmeId: number },
): Promise<Segments> {
  const found = (await readSegments(sql, { ...around, programmeIds: [programmeId] })).get(programmeId)
  if (!found) throw new Error(`there is no programme ${programmeId}`)
  return found
}

type SegmentRow = Omit<KnownSegment, 'isBuiltIn' | 'savedAt' | 'savedBy'> & {
  programmeId: number
  savedAt: Instant
  savedBy: string
}

interface Of {
  books: Book[]
  timeZone: string
  rows: SegmentRow[]
  now: Instant
  followed: string[]
}

function segmentsOf(programmeId: number, { books, timeZone, rows, now, followed }: Of): Segments {
  const book = bookAt(books, now)
  const saved = new Map(rows.map((row) => [row.name, row]))
  const known = new Map(
    [...definedSegments(book, rows)].map(([name, segment]): [string, KnownSegment] => {
      const { savedAt = null, savedBy = null } = saved.get(name) ?? {}
      return [name, { ...segment, isBuiltIn: savedAt === null, savedAt, savedBy }]
    }),
  )
  const rules = askingRules(books)
  return {
    ...{ programmeId, timeZone, today: localDayOf(now, timeZone), entryStatus: entryStatus(book), known },
    ...{ rules, followed },
    kept: [...rules.keys()]
      .sort()
      .flatMap((name) => known.get(name) ?? [])
      .filter(({ name }) => name !== EVERYBODY),
  }
}

function askingRules(books: readonly Book[]): Map<string, AskingRule[]> {
  const asking = new Map<string, Map<string, AskingRule>>()
  for (const rule of books.flatMap(({ rules }) => rules))
    for (const name of segmentsAskedBy({ rules: [rule] })) {
      const rules = asking.get(name) ?? new Map<string, AskingRule>()
      asking.set(name, rules.set(rule.id, { id: rule.id, title: rule.title }))
    }
  return new Map([...asking].map(([name, rules]) => [name, [...rules.values()]]))
}
