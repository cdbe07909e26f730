import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readThresholds } from '../ledger/thresholds.ts'
import { mayBeAdvertisedTo } from '../people/consents.ts'
import type { Fate } from './fate.ts'
import { lockRunning } from './read.ts'

const PEOPLE_A_BATCH = 100
/** Less than a minute of sending: when a campaign is paused or the evening comes, no more messages are in the line. */
const MOST_IN_LINE = 1000
const WEEK = 7 * DAY

/**
 * Puts the message of a campaign into the line for some people who have not had it, and notes for the others why they get
 * none: one transaction. Its key is the customer and the campaign, so that no customer can have it twice. The lock on a
 * person keeps one who is being erased from getting a message that nobody would delete.
 */
export async function tellSome(
  sql: Sql,
  id: number,
  now: Instant,
): Promise<{ queued: number; more: boolean }> {
  return await sql.begin(async (sql) => {
    const known = await lockRunning(sql, id)
    if (!known?.campaign.message) return { queued: 0, more: false }
    const most = Math.min(PEOPLE_A_BATCH, MOST_IN_LINE - (await countQueued(sql, id)))
    if (most <= 0) return { queued: 0, more: false }
    const { advertising_per_week: perWeek } = await readThresholds(sql, known.programmeId)
    const isWithGift = known.campaign.gift !== undefined
    const rows = await sql<{ message: Fate }[]>`
      with batch as materialized (
        select customer_id, gift_points from campaign_people
        where campaign_id = ${id} and not is_held_out and message is null
          ${isWithGift ? sql`and not (gift_points is null and refused is null)` : sql``}
        order by (gift_points is null and refused is null), customer_id limit ${most}),
      judged as materialized (
        select batch.customer_id, case
          when c.status <> 'active' or c.merged_into is not null then 'gone'
          when ${isWithGift} and gift_points is null then 'no_gift'
          when person.is_reachable is null then 'no_telegram'
          when not ${mayBeAdvertisedTo(sql, sql`c.id`)} then 'no_consent'
          when not person.is_reachable then 'blocked'
          when ${sentWithin(sql, now)} >= ${perWeek} then 'over_limit'
          else 'queued' end as fate
        from batch
        join customers c on c.id = batch.customer_id
        left join lateral (
          select unreachable_since is null as is_reachable from people where people.customer_id = c.id
          limit 1
          for key share of people) person on true),
      queued as (
        insert into notifications (customer_id, kind, reference, facts, created_at, due_at)
        select customer_id, 'campaign', ${id}::text, '{}', ${toIso(now)}, ${toIso(now)}
        from judged where fate = 'queued' order by customer_id
        on conflict do nothing)
      update campaign_people p set message = judged.fate
      from judged where p.campaign_id = ${id} and p.customer_id = judged.customer_id
      returning message`
    const queued = rows.filter(({ message }) => message === 'queued').length
    return { queued, more: rows.length === most }
  })
}

/** Counts the messages of this campaign alone: those of a paused one may wait in the line for days. */
async function countQueued(sql: Tx, id: number): Promise<number> {
  const [row] = await sql<{ queued: number }[]>`
    select count(*)::int as queued from campaign_people where campaign_id = ${id} and message = 'queued'`
  return row?.queued ?? 0
}

/** Messages of campaigns that customer `c` had within a week. */
export const sentWithin = (sql: Sql | Tx, now: Instant) => sql`(
  select count(*)::int from notifications sent
  where sent.customer_id = c.id and sent.kind = 'campaign' and sent.state = 'sent' and sent.settled_at > ${toIso(now - WEEK)})`
