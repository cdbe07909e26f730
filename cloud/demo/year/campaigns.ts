import { type Campaign, campaignSchema } from '../../../shared/campaigns/campaign.ts'
import { isHeldOut } from '../../../shared/rules/holdout.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import { giftIdOf } from '../../campaigns/give.ts'
import { bigints, booleans, ids, ints, tableOf } from '../../database/columns.ts'
import type { Tx } from '../../database/connect.ts'
import { FIRST_PROGRAMME } from '../../ledger/programme.ts'

/** What somebody has done until the day of a campaign. */
export interface Seen {
  joinedAt: Instant
  /** Null: they have bought nothing yet. */
  boughtAt: Instant | null
  kopecks: number
}

/** A gift of the demo's year, from a campaign that is over or still runs. */
export interface Promotion {
  id: number
  campaign: Campaign
  startedAt: Instant
  /** Whether a customer is in its audience on its day. */
  isFor(seen: Seen): boolean
  /** How many of those it reaches buy once more for it. */
  bringsBack: number
}

/** A customer of the audience, and the operation that gave them the gift. */
export interface Chosen {
  campaignId: number
  customerId: number
  isHeldOut: boolean
  giftId: string | null
}

const owner = 'marketing:marina'

/** A campaign that is over and did bring people back, one that runs, and a draft. */
export async function addCampaigns(sql: Tx, now: Instant): Promise<Promotion[]> {
  const back = campaign({
    ...{ name: 'come-back', title: 'Мы скучали', purpose: 'Вернуть тех, кто не покупал месяц' },
    ...{ audience: 'inactive', holdout_percent: 30, gift: { points: 150, budget_points: 250_000 } },
  })
  const thanks = campaign({
    ...{
      name: 'thank-you',
      title: 'Спасибо постоянным',
      purpose: 'Чтобы лучшие покупатели пришли и до Нового года',
    },
    ...{ audience: 'high_value', holdout_percent: 10, gift: { points: 200, budget_points: 60_000 } },
  })
  const hours = campaign({
    ...{ name: 'quiet-hours', title: 'Тихие часы', purpose: 'Чтобы днём в будни было больше покупателей' },
    rules: [
      {
        ...{ id: 'quiet-hours-1', title: 'Полуторный кешбэк днём' },
        when: [{ type: 'hours', days: [1, 2, 3, 4, 5], from: '14:00', to: '17:00' }],
        award: { type: 'multiply', times_basis_points: 5000 },
      },
    ],
    budget_points: 30_000,
  })
  const startedAt = now - 45 * DAY
  const backId = await insert(sql, back, { savedAt: startedAt - DAY, startedAt, finishedAt: now - 15 * DAY })
  const thanksId = await insert(sql, thanks, { savedAt: now - 10 * DAY, startedAt: now - 9 * DAY })
  await insert(sql, hours, { savedAt: now - 2 * DAY })
  return [
    {
      ...{ id: backId, campaign: back, startedAt, bringsBack: 0.3 },
      isFor: ({ joinedAt, boughtAt }) => Math.max(joinedAt, boughtAt ?? joinedAt) <= startedAt - 30 * DAY,
    },
    {
      ...{ id: thanksId, campaign: thanks, startedAt: now - 9 * DAY, bringsBack: 0.1 },
      isFor: ({ kopecks }) => kopecks >= 5_000_000,
    },
  ]
}

const campaign = (written: object) => campaignSchema.parse(written)

async function insert(
  sql: Tx,
  campaign: Campaign,
  times: { savedAt: Instant; startedAt?: Instant; finishedAt?: Instant },
): Promise<number> {
  const { savedAt, startedAt, finishedAt } = times
  const state = finishedAt !== undefined ? 'finished' : startedAt !== undefined ? 'running' : 'draft'
  const moment = (at: Instant | undefined) => (at === undefined ? null : toIso(at))
  const [row] = await sql<{ id: number }[]>`
    insert into campaigns (programme_id, name, document, state, owner, saved_at, started_at, finished_at, chosen_at)
    values (${FIRST_PROGRAMME}, ${campaign.name}, ${JSON.stringify(campaign)}::text::jsonb, ${state}, ${owner},
      ${toIso(savedAt)}, ${moment(startedAt)}, ${moment(finishedAt)}, ${moment(startedAt)})
    returning id`
  if (!row) throw new Error('the campaign was not saved')
  return row.id
}

/** Whether somebody is in it, and whether they get its gift. */
export function choose(
  { id, campaign, startedAt, isFor }: Promotion,
  { customerId, card, ...seen }: Seen & { customerId: number; card: string },
): Chosen | null {
  if (seen.joinedAt >= startedAt || !isFor(seen)) return null
  const isOut = isHeldOut(card, { of: campaign.name, percent: campaign.holdout_percent })
  return {
    ...{ campaignId: id, customerId, isHeldOut: isOut },
    giftId: isOut ? null : giftIdOf({ id, startedAt }, customerId),
  }
}

/** The people of the campaigns, each with the points of the gift. */
export async function writeChosen(sql: Tx, chosen: Chosen[]): Promise<void> {
  const table = tableOf(sql, chosen, [
    ints(({ campaignId }) => campaignId),
    bigints(({ customerId }) => customerId),
    booleans(({ isHeldOut }) => isHeldOut),
    ids(({ giftId }) => giftId),
  ])
  await sql`
    insert into campaign_people (campaign_id, customer_id, is_held_out, gift_id, gift_points)
    select campaign_id, customer_id, is_held_out, gift_id,
      case when gift_id is not null then (document -> 'gift' ->> 'points')::int end
    from ${table} as chosen(campaign_id, customer_id, is_held_out, gift_id)
    join campaigns on id = campaign_id`
  await sql`
    update campaigns set chosen_to = coalesce((
      select max(customer_id) from campaign_people where campaign_id = campaigns.id), 0)
    where chosen_at is not null`
}
