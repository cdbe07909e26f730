import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

// What a campaign would have cost, or a book given, is worked out by a job, and lies here: it goes on when its page is closed.

/** There is one of each campaign, and of books one of each who writes them. */
export type Subject = { campaignId: number } | { programmeId: number; askedBy: string }

const isOf = (sql: Sql | Tx, subject: Subject) =>
  'campaignId' in subject
    ? sql`campaign_id = ${subject.campaignId}`
    : sql`campaign_id is null and programme_id = ${subject.programmeId} and asked_by = ${subject.askedBy}`

export interface OpenTrial {
  id: number
  attempt: number
  programmeId: number
  /** Null: it is of a book. */
  campaignId: number | null
  document: unknown
  days: number
  askedAt: Instant
}

interface Asked {
  programmeId: number
  campaignId: number | null
  version: number
  document: unknown
  days: number
  by: string
  now: Instant
}

/** In the place of the one before, which is given up where it still goes on. */
export async function askTrial(
  sql: Sql | Tx,
  { programmeId, campaignId, version, document, days, by, now }: Asked,
): Promise<void> {
  await sql`
    insert into trials (programme_id, campaign_id, version, document, days, asked_by, asked_at, state)
    values (${programmeId}, ${campaignId}, ${version}, ${JSON.stringify(document)}::text::jsonb, ${days}, ${by},
      ${toIso(now)}, 'waiting')
    on conflict ${campaignId === null ? sql`(programme_id, asked_by) where campaign_id is null` : sql`(campaign_id)`}
    do update
    set attempt = trials.attempt + 1, version = excluded.version, document = excluded.document, days = excluded.days,
      asked_by = excluded.asked_by, asked_at = excluded.asked_at, state = excluded.state, purchases = null, judged = 0,
      result = null, problem = null, ended_at = null`
}

/** What has ended stays as it is. */
export async function cancelTrial(sql: Sql | Tx, subject: Subject, now: Instant): Promise<void> {
  await sql`
    update trials set state = 'cancelled', ended_at = ${toIso(now)}
    where ${isOf(sql, subject)} and ended_at is null`
}

/** As it is kept; what came of it is read by the schema of what was tried. */
export interface KeptTrial {
  version: number
  document: unknown
  days: number
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  askedBy: string
  askedAt: string
  endedAt: string | null
  purchases: number | null
  judged: number
  result: unknown
  problem: string | null
}

type Row = Omit<KeptTrial, 'askedAt' | 'endedAt'> & { askedAt: Instant; endedAt: Instant | null }

export async function readTrial(sql: Sql | Tx, subject: Subject): Promise<KeptTrial | null> {
  const [row] = await sql<Row[]>`
    select version, document, days, state, asked_by as "askedBy", asked_at as "askedAt", ended_at as "endedAt", purchases,
      judged, result, problem
    from trials where ${isOf(sql, subject)}`
  if (!row) return null
  const { askedAt, endedAt } = row
  return { ...row, askedAt: toIso(askedAt), endedAt: endedAt === null ? null : toIso(endedAt) }
}

/** Those of a worker that is gone begin anew; the caller is the only one who works at them. */
export async function resumeTrials(sql: Sql): Promise<void> {
  await sql`
    update trials set state = 'waiting', judged = 0, attempt = attempt + 1 where state = 'running'`
}

/** The one that waits longest. */
export async function takeTrial(sql: Sql): Promise<OpenTrial | null> {
  const [row] = await sql<OpenTrial[]>`
    with next as (
      select id from trials where state = 'waiting' order by asked_at, id limit 1 for update skip locked)
    update trials set state = 'running' from next
    where trials.id = next.id
    returning trials.id, attempt, programme_id as "programmeId", campaign_id as "campaignId", document, days,
      asked_at as "askedAt"`
  return row ?? null
}

/** False: it was cancelled, or asked anew. */
export async function noteProgress(
  sql: Sql,
  { id, attempt }: OpenTrial,
  { judged, purchases }: { judged: number; purchases: number },
): Promise<boolean> {
  const { count } = await sql`
    update trials set judged = ${judged}, purchases = ${purchases}
    where id = ${id} and attempt = ${attempt} and state = 'running'`
  return count > 0
}

type End =
  | { state: 'done'; result: { purchases: number } }
  | { state: 'failed'; problem: string }
  | { state: 'waiting' }

/** Nothing where it was cancelled meanwhile, or asked anew. */
export async function endTrial(
  sql: Sql,
  { id, attempt }: OpenTrial,
  { state, now, ...end }: End & { now: Instant },
): Promise<void> {
  const result = 'result' in end ? JSON.stringify(end.result) : null
  const problem = 'problem' in end ? end.problem : null
  await sql`
    update trials set state = ${state}, ended_at = ${state === 'waiting' ? null : toIso(now)},
      judged = coalesce((${result}::text::jsonb ->> 'purchases')::int, judged), result = ${result}::text::jsonb,
      problem = ${problem}
    where id = ${id} and attempt = ${attempt} and state = 'running'`
}
