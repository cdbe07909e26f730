import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

// Trials: what a campaign would have cost, or a book would have given. A job works them out, also when their page is closed.

/** The subject of a trial. There is one trial for each campaign, and one for each person who writes a book. */
export type Subject = { campaignId: number } | { programmeId: number; askedBy: string }

const isOf = (sql: Sql | Tx, subject: Subject) =>
  'campaignId' in subject
    ? sql`campaign_id = ${subject.campaignId}`
    : sql`campaign_id is null and programme_id = ${subject.programmeId} and asked_by = ${subject.askedBy}`

export interface OpenTrial {
  id: number
  attempt: number
  programmeId: number
  /** Null: the trial is of a book. */
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

/** Asks for a trial in the place of the one before, which is given up where it still goes on. */
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

/** Cancels a trial; one that has ended stays as it is. */
export async function cancelTrial(sql: Sql | Tx, subject: Subject, now: Instant): Promise<void> {
  await sql`
    update trials set state = 'cancelled', ended_at = ${toIso(now)}
    where ${isOf(sql, subject)} and ended_at is null`
}

/** A stored trial. Its result is read by the schema of a campaign or of a book. */
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

/** Lets trials of a process that is gone begin anew; the caller is the only process that works at trials. */
export async function resumeTrials(sql: Sql): Promise<void> {
  await sql`
    update trials set state = 'waiting', judged = 0, attempt = attempt + 1 where state = 'running'`
}

/** Takes the trial that waits longest. */
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

/** False where the trial was cancelled, or asked for anew. */
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

/** Ends a trial; does nothing where it was cancelled meanwhile, or asked for anew. */
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
