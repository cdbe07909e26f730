import type { Trial, TrialResult } from '../../shared/console/campaigns.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import type { KnownCampaign } from '../campaigns/read.ts'

// What a campaign would have cost is worked out by a job, and lies here: it goes on when its page is closed.

export interface OpenTrial {
  campaignId: number
  attempt: number
  programmeId: number
  document: unknown
  days: number
  askedAt: Instant
}

/** In the place of the one before, which is given up where it still goes on. */
export async function askTrial(
  sql: Sql | Tx,
  { id, version, campaign }: KnownCampaign,
  { days, by, now }: { days: number; by: string; now: Instant },
): Promise<void> {
  await sql`
    insert into campaign_trials (campaign_id, version, document, days, asked_by, asked_at, state)
    values (${id}, ${version}, ${JSON.stringify(campaign)}::text::jsonb, ${days}, ${by}, ${toIso(now)}, 'waiting')
    on conflict (campaign_id) do update
    set attempt = campaign_trials.attempt + 1, version = excluded.version, document = excluded.document, days = excluded.days,
      asked_by = excluded.asked_by, asked_at = excluded.asked_at, state = excluded.state, purchases = null, judged = 0,
      result = null, problem = null, ended_at = null`
}

/** What has ended stays as it is. */
export async function cancelTrial(sql: Sql | Tx, campaignId: number, now: Instant): Promise<void> {
  await sql`
    update campaign_trials set state = 'cancelled', ended_at = ${toIso(now)}
    where campaign_id = ${campaignId} and ended_at is null`
}

type Row = Omit<Trial, 'askedAt' | 'endedAt'> & { askedAt: Instant; endedAt: Instant | null }

export async function readTrial(sql: Sql | Tx, campaignId: number): Promise<Trial | null> {
  const [row] = await sql<Row[]>`
    select version, days, state, asked_by as "askedBy", asked_at as "askedAt", ended_at as "endedAt", purchases, judged, result,
      problem
    from campaign_trials where campaign_id = ${campaignId}`
  if (!row) return null
  const { askedAt, endedAt } = row
  return { ...row, askedAt: toIso(askedAt), endedAt: endedAt === null ? null : toIso(endedAt) }
}

/** Those of a worker that is gone begin anew; the caller is the only one who works at them. */
export async function resumeTrials(sql: Sql): Promise<void> {
  await sql`
    update campaign_trials set state = 'waiting', judged = 0, attempt = attempt + 1 where state = 'running'`
}

/** The one that waits longest. */
export async function takeTrial(sql: Sql): Promise<OpenTrial | null> {
  const [row] = await sql<OpenTrial[]>`
    with next as (
      select campaign_id from campaign_trials where state = 'waiting' order by asked_at, campaign_id limit 1
      for update skip locked)
    update campaign_trials set state = 'running'
    from next, campaigns
    where campaign_trials.campaign_id = next.campaign_id and campaigns.id = next.campaign_id
    returning campaign_trials.campaign_id as "campaignId", attempt, campaigns.programme_id as "programmeId",
      campaign_trials.document, days, asked_at as "askedAt"`
  return row ?? null
}

/** False: it was cancelled, or asked anew. */
export async function noteProgress(
  sql: Sql,
  { campaignId, attempt }: OpenTrial,
  { judged, purchases }: { judged: number; purchases: number },
): Promise<boolean> {
  const { count } = await sql`
    update campaign_trials set judged = ${judged}, purchases = ${purchases}
    where campaign_id = ${campaignId} and attempt = ${attempt} and state = 'running'`
  return count > 0
}

type End =
  | { state: 'done'; result: TrialResult }
  | { state: 'failed'; problem: string }
  | { state: 'waiting' }

/** Nothing where it was cancelled meanwhile, or asked anew. */
export async function endTrial(
  sql: Sql,
  { campaignId, attempt }: OpenTrial,
  { state, now, ...end }: End & { now: Instant },
): Promise<void> {
  const result = 'result' in end ? JSON.stringify(end.result) : null
  const problem = 'problem' in end ? end.problem : null
  await sql`
    update campaign_trials set state = ${state}, ended_at = ${state === 'waiting' ? null : toIso(now)},
      judged = coalesce((${result}::text::jsonb ->> 'purchases')::int, judged), result = ${result}::text::jsonb,
      problem = ${problem}
    where campaign_id = ${campaignId} and attempt = ${attempt} and state = 'running'`
}
