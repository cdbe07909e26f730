import { type Campaign, campaignSchema } from '../../shared/campaigns/campaign.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

export interface KnownCampaign {
  id: number
  programmeId: number
  version: number
  campaign: Campaign
  state: 'draft' | 'running' | 'paused' | 'finished'
  owner: string
  savedAt: Instant
  startedAt: Instant | null
  finishedAt: Instant | null
  chosenTo: number
  chosenAt: Instant | null
}

type Row = Omit<KnownCampaign, 'campaign'> & { document: unknown }

const columns = (sql: Sql | Tx) => sql`
  id, programme_id as "programmeId", version, document, state, owner, saved_at as "savedAt", started_at as "startedAt",
  finished_at as "finishedAt", chosen_to as "chosenTo", chosen_at as "chosenAt"`

const campaignOf = ({ document, ...row }: Row): KnownCampaign => ({
  ...{ ...row, campaign: campaignSchema.parse(document) },
})

export async function listCampaigns(sql: Sql | Tx, programmeId: number): Promise<KnownCampaign[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from campaigns where programme_id = ${programmeId} order by saved_at desc, id desc`
  return rows.map(campaignOf)
}

/** The campaigns that the job has work for. */
export async function listRunning(sql: Sql | Tx): Promise<KnownCampaign[]> {
  const rows = await sql<Row[]>`select ${columns(sql)} from campaigns where state = 'running' order by id`
  return rows.map(campaignOf)
}

export async function findCampaign(
  sql: Sql | Tx,
  { programmeId, name }: { programmeId: number; name: string },
  { lock = false }: { lock?: boolean } = {},
): Promise<KnownCampaign | null> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from campaigns where programme_id = ${programmeId} and name = ${name}
    ${lock ? sql`for update` : sql``}`
  return row ? campaignOf(row) : null
}

/** Keeps the campaign from being paused until the transaction ends; null where it does not run any more. */
export async function lockRunning(sql: Tx, id: number): Promise<KnownCampaign | null> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from campaigns where id = ${id} and state = 'running' for update`
  return row ? campaignOf(row) : null
}

/** Saves a new campaign, or another version of one that does not run. */
export async function saveCampaign(
  sql: Tx,
  {
    programmeId,
    campaign,
    owner,
    now,
  }: { programmeId: number; campaign: Campaign; owner: string; now: Instant },
): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    insert into campaigns (programme_id, name, document, state, owner, saved_at)
    values (${programmeId}, ${campaign.name}, ${JSON.stringify(campaign)}::text::jsonb, 'draft', ${owner}, ${toIso(now)})
    on conflict (programme_id, name) do update
    set document = excluded.document, version = campaigns.version + 1, saved_at = excluded.saved_at
    returning version`
  if (!row) throw new Error('the campaign was not saved')
  return row.version
}

export async function moveCampaign(
  sql: Tx,
  id: number,
  { state, now }: { state: 'running' | 'paused' | 'finished'; now: Instant },
): Promise<void> {
  await sql`
    update campaigns set state = ${state}, started_at = coalesce(started_at, ${toIso(now)}),
      finished_at = case when ${state} = 'finished' then ${toIso(now)}::timestamptz end
    where id = ${id}`
}
