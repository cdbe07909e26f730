import { type Campaign, campaignSchema, isOver } from '../../shared/campaigns/campaign.ts'
import { type Reader, textOfMessage } from '../../shared/campaigns/message.ts'
import { quietUntil } from '../../shared/campaigns/quietHours.ts'
import { localTimeOf } from '../../shared/rules/localTime.ts'
import { type Instant, MINUTE, SECOND } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import { availableOfCustomer } from '../ledger/conditions.ts'
import { thresholdsSchema } from '../ledger/thresholds.ts'
import { mayBeAdvertisedTo } from '../people/consents.ts'
import type { Fate } from './fate.ts'
import type { KnownCampaign } from './read.ts'
import { sentWithin } from './tell.ts'

interface Whose {
  campaignId: number
  customerId: number
  language: Reader['language']
}

export interface Around {
  now: Instant
  /** The time zone of programmes that have none of their own. */
  timeZone: string
}

/** The message of a campaign to one customer as it is at this moment: to be sent, later, or never. */
export type Written =
  | { status: 'ready'; text: string }
  | { status: 'later'; at: Instant; why: string }
  | { status: 'never'; fate: Fate; why: string }

const never = (fate: Fate, why: string): Written => ({ status: 'never', fate, why })

/**
 * The message of a paused campaign is asked about again after so long, so that the campaign goes on with those in the
 * line.
 */
const PAUSED_FOR_MS = 10 * MINUTE

/**
 * Writes the message just before it is sent: since it was put into the line, the customer may have withdrawn their
 * consent, the campaign may have been paused, the evening may have come, or another campaign may have been sooner.
 */
export async function writeMessage(sql: Sql, whose: Whose, { now, timeZone }: Around): Promise<Written> {
  const found = await readBoth(sql, whose, now)
  if (!found) return never('gone', 'the campaign or the customer is gone')
  const { campaign, state, zone } = found
  const { message } = campaign
  if (!message) return never('ended', 'the campaign has no message any more')
  const { day, time } = localTimeOf(now, zone ?? timeZone)
  if (state === 'finished' || isOver(campaign, `${day}T${time}`))
    return never('ended', 'the campaign is over')
  if (!found.isActive) return never('gone', 'their card is frozen, erased or merged')
  if (!found.mayBeAdvertisedTo) return never('no_consent', 'they have not agreed to advertising')
  const { advertising_per_week: perWeek } = thresholdsSchema.parse(found.settings)
  if (found.sent >= perWeek) return never('over_limit', `they had ${perWeek} within a week`)
  if (state !== 'running') return { status: 'later', at: now + PAUSED_FOR_MS, why: 'the campaign is paused' }
  const morning = quietUntil(now, zone ?? timeZone)
  if (morning !== null) return { status: 'later', at: morning, why: 'it is night there' }
  if (found.sent + found.begun >= perWeek)
    return { status: 'later', at: now + 10 * SECOND, why: 'they are just being sent another' }
  const { firstName, points } = found
  return {
    status: 'ready',
    text: textOfMessage(message, { firstName, language: whose.language, points }, campaign),
  }
}

/** Writes the message as a test, at any hour, and whether the campaign runs or not. */
export async function writeTest(sql: Sql, whose: Whose, now: Instant): Promise<Written> {
  const found = await readBoth(sql, whose, now)
  if (!found?.campaign.message) return never('ended', 'the campaign has no message any more')
  const { campaign, firstName, points } = found
  return {
    status: 'ready',
    text: textOfMessage(found.campaign.message, { firstName, language: whose.language, points }, campaign),
  }
}

interface Both {
  campaign: Campaign
  state: KnownCampaign['state']
  settings: unknown
  zone: string | null
  firstName: string | null
  points: number
  isActive: boolean
  mayBeAdvertisedTo: boolean
  /** The messages of campaigns that the customer had within a week. */
  sent: number
  /** Other messages that are being sent to them at this moment. */
  begun: number
}

async function readBoth(sql: Sql, { campaignId, customerId }: Whose, now: Instant): Promise<Both | null> {
  const [row] = await sql<(Omit<Both, 'campaign'> & { document: unknown })[]>`
    select document, campaigns.state, settings, time_zone as zone, c.first_name as "firstName",
      ${availableOfCustomer(sql, now)} as points, c.status = 'active' and c.merged_into is null as "isActive",
      ${mayBeAdvertisedTo(sql, sql`c.id`)} as "mayBeAdvertisedTo", ${sentWithin(sql, now)} as sent, (
        select count(*)::int from notifications other
        where other.customer_id = c.id and other.kind = 'campaign' and other.begun_at is not null
          and other.reference <> ${campaignId}::text) as begun
    from campaigns
    join programmes on programmes.id = campaigns.programme_id
    join customers c on c.id = ${customerId} and c.programme_id = campaigns.programme_id
    where campaigns.id = ${campaignId}`
  return row ? { ...row, campaign: campaignSchema.parse(row.document) } : null
}
