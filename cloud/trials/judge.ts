import type { BookDocument } from '../../shared/rules/book.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { namesAskedBy } from '../insight/segments/members.ts'
import type { Segments } from '../insight/segments/read.ts'
import type { Trial, TriedPurchase } from '../ledger/bookTally.ts'
import { tryBook } from '../ledger/tryBook.ts'
import { createProgress } from './progress.ts'
import type { OpenTrial } from './trials.ts'

const TELL_EVERY = 1000

/** Judges the purchases of the days before a trial was asked for once more, by this book, and reports its progress. */
export async function judgeAgain(
  sql: Sql,
  trial: OpenTrial,
  {
    document,
    segments,
    signal,
    onPurchase,
  }: {
    document: BookDocument
    segments: Segments
    signal: AbortSignal | undefined
    onPurchase: (purchase: TriedPurchase) => void
  },
): Promise<Trial> {
  const { programmeId, days, askedAt } = trial
  const book = { ...document, version: 0, validFrom: 0, timeZone: segments.timeZone }
  const period = { programmeId, from: askedAt - days * DAY, to: askedAt }
  const progress = createProgress(sql, trial, { purchases: await countPurchases(sql, period), signal })
  progress.tell(0)
  const tried = await tryBook(sql, {
    ...{ book, ...period, tell: progress.tell, tellEvery: TELL_EVERY, onPurchase },
    segments: namesAskedBy(sql, book, segments),
  })
  await progress.end()
  return tried
}

async function countPurchases(
  sql: Sql,
  { programmeId, from, to }: { programmeId: number; from: Instant; to: Instant },
): Promise<number> {
  return await sql.begin(async (sql) => {
    await sql`set local statement_timeout = '5min'`
    const [row] = await sql<{ purchases: number }[]>`
      select count(*)::int as purchases from operations
      where programme_id = ${programmeId} and status = 'accepted' and kind in ('earn', 'redeem')
        and at >= ${toIso(from)} and at < ${toIso(to)}`
    return row?.purchases ?? 0
  })
}
