import type { Campaign } from '../../shared/campaigns/campaign.ts'
import type { Condition } from '../../shared/segments/definition.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { countMembers, countTogether, type Example, readExamples } from '../insight/segments/preview.ts'
import type { Segments } from '../insight/segments/read.ts'

export interface GiftCost {
  people: number
  points: number
  /** The condition of the audience; null where there is no such segment. */
  definition: Condition | null
}

/** The cost of its gift, if all who are in the audience now get it. */
export async function costOfGift(
  sql: Sql | Tx,
  { gift, audience, holdout_percent }: Pick<Campaign, 'gift' | 'audience' | 'holdout_percent'>,
  segments: Segments,
): Promise<GiftCost> {
  const definition = segments.known.get(audience)?.definition ?? null
  if (!gift || !definition) return { people: 0, points: 0, definition }
  const members = await countMembers(sql, definition, segments)
  const most = gift.budget_points ?? Number.POSITIVE_INFINITY
  const all = Math.ceil((members * gift.points * (100 - holdout_percent)) / 100)
  const points = Math.min(all, most)
  return { people: Math.floor(points / gift.points), points, definition }
}

export interface AudiencePreview {
  customers: number
  members: number
  /** The members who have the card in Telegram. */
  inTelegram: number
  examples: Example[]
}

/**
 * The customers whom a campaign would reach now: how many, and the latest of them. Telegram is a condition that is asked
 * of the members alone: as a column it would be looked up for every customer there is.
 */
export async function previewAudience(
  sql: Sql | Tx,
  definition: Condition,
  segments: Segments,
): Promise<AudiencePreview> {
  const reachable: Condition = { type: 'all', of: [definition, { type: 'telegram' }] }
  const [{ customers, members }, inTelegram, examples] = await Promise.all([
    countTogether(sql, definition, [], segments),
    countMembers(sql, reachable, segments),
    readExamples(sql, definition, segments),
  ])
  return { customers, members, inTelegram, examples }
}
