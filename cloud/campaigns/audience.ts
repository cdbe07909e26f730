import type { Campaign } from '../../shared/campaigns/campaign.ts'
import type { Condition } from '../../shared/segments/definition.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { conditionIn } from '../insight/segments/condition.ts'
import { customersWithFacts } from '../insight/segments/members.ts'
import { countMembers, type Example, readExamples } from '../insight/segments/preview.ts'
import type { Segments } from '../insight/segments/read.ts'

export interface GiftCost {
  people: number
  points: number
  /** Who is in the audience; null where there is no such segment. */
  definition: Condition | null
}

/** What its gift comes to, if all who are in the audience now get it. */
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
  /** Of the members: they have the card in Telegram. */
  inTelegram: number
  examples: Example[]
}

/** Whom a campaign would reach now: how many, and the latest of them. */
export async function previewAudience(
  sql: Sql | Tx,
  definition: Condition,
  segments: Segments,
): Promise<AudiencePreview> {
  const isIn = conditionIn(sql, definition, segments)
  const [[counts], examples] = await Promise.all([
    sql<Omit<AudiencePreview, 'examples'>[]>`
      select count(*)::int as customers, (count(*) filter (where is_in))::int as members,
        (count(*) filter (where is_in and in_telegram))::int as "inTelegram"
      from (
        select ${isIn} as is_in, ${conditionIn(sql, { type: 'telegram' }, segments)} as in_telegram
        from ${customersWithFacts(sql, segments)} offset 0) judged`,
    readExamples(sql, definition, segments),
  ])
  return { ...(counts ?? { customers: 0, members: 0, inTelegram: 0 }), examples }
}
