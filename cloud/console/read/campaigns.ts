import type { z } from 'zod'
import { type Campaign, campaignSchema } from '../../../shared/campaigns/campaign.ts'
import type {
  CampaignReply,
  campaignsQuerySchema,
  ListedCampaign,
} from '../../../shared/console/campaigns.ts'
import { type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import type { Segments } from '../../insight/segments/read.ts'

type Query = z.output<typeof campaignsQuerySchema>

interface Wanted {
  segments: Segments
  /** One campaign by name. */
  name?: string | undefined
  state?: Query['state']
  sort?: Query['sort']
  after?: { key: number; id: number } | undefined
  limit: number
  now: Instant
}

interface Row {
  id: number
  name: string
  document: unknown
  version: number
  state: ListedCampaign['state']
  owner: string
  savedAt: Instant
  startedAt: Instant | null
  finishedAt: Instant | null
  proposal: number | null
  gifts: number
  drawn: number
  sortedBy: Instant
}

export interface ReadCampaign {
  id: number
  sortedBy: Instant
  listed: ListedCampaign
  campaign: Campaign
}

/** The campaigns, the latest first, each with its cost so far: its gifts, and the points of its budget. */
export async function readCampaigns(sql: Sql, wanted: Wanted): Promise<ReadCampaign[]> {
  const { segments, name, state, sort = 'saved', after, limit, now } = wanted
  const sortedBy = sort === 'saved' ? sql`saved_at` : sql`coalesce(started_at, '2000-01-01')`
  const rows = await sql<Row[]>`
    select page.*, coalesce(gifts.points, 0)::bigint as gifts, coalesce(drawn.points, 0)::bigint as drawn
    from (
      select c.id, c.name, c.document, c.version, c.owner, c.saved_at as "savedAt", c.started_at as "startedAt",
        c.finished_at as "finishedAt", waiting.id as proposal, ${sortedBy} as "sortedBy",
        case when waiting.id is not null then 'proposed' else c.state end as state, c.programme_id
      from campaigns c
      left join lateral (
        select max(id) as id from proposals
        where act = 'campaign start' and state = 'open' and expires_at > ${toIso(now)}
          and proposals.programme_id = c.programme_id and input ->> 'campaign' = c.name
          and c.state in ('draft', 'paused')) waiting on true
      where c.programme_id = ${segments.programmeId}
        ${name === undefined ? sql`` : sql`and c.name = ${name}`}
        ${
          after === undefined
            ? sql``
            : sql`and (date_trunc('milliseconds', ${sortedBy}), c.id) < (${toIso(after.key)}, ${after.id})`
        }
    ) page
    left join lateral (
      select sum(gift_points) as points from campaign_people where campaign_id = page.id) gifts on true
    left join lateral (
      select sum(spent) as points from budget_spending
      where budget_spending.programme_id = page.programme_id and budget_id = 'campaign-' || page.name) drawn on true
    ${state === undefined ? sql`` : sql`where state = ${state}`}
    order by date_trunc('milliseconds', "sortedBy") desc, page.id desc limit ${limit}`
  return rows.map((row) => {
    const campaign = campaignSchema.parse(row.document)
    return { id: row.id, sortedBy: row.sortedBy, campaign, listed: listedOf(row, campaign, segments) }
  })
}

function listedOf(
  { savedAt, startedAt, finishedAt, gifts, drawn, ...row }: Row,
  { title, purpose, audience, rules, gift, budget_points, from, until }: Campaign,
  { known }: Segments,
): ListedCampaign {
  const moment = (at: Instant | null) => (at === null ? null : toIso(at))
  const isCounted = rules.length === 0 || budget_points !== undefined
  const budgets = [rules.length > 0 ? budget_points : 0, gift ? gift.budget_points : 0]
  const { name, version, state, owner, proposal } = row
  return {
    ...{ name, title, purpose, state, version, owner, proposal },
    audience: { name: audience, title: known.get(audience)?.title ?? audience },
    ...{ from: from ?? null, until: until ?? null },
    ...{ savedAt: toIso(savedAt), startedAt: moment(startedAt), finishedAt: moment(finishedAt) },
    cost: {
      points: isCounted ? gifts + drawn : null,
      budget: budgets.reduce<number | null>(
        (sum, part) => (sum === null || part === undefined ? null : sum + part),
        0,
      ),
    },
  }
}

/** The most entries of a campaign's history that are shown. */
const MOST_TOLD = 50

/** The history of a campaign: its entries in the log of changes. */
export async function readHistory(
  sql: Sql,
  { programmeId, name }: { programmeId: number; name: string },
): Promise<CampaignReply['history']> {
  const rows = await sql<{ at: Instant; who: string; act: string; version: number | null }[]>`
    select at, who, action as act, (after ->> 'version')::int as version
    from audit_log where subject = ${`campaign ${name} of programme ${programmeId}`}
    order by id desc limit ${MOST_TOLD}`
  return rows.map(({ at, ...row }) => ({ ...row, at: toIso(at) }))
}
