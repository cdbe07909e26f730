import { isOver } from '../../shared/campaigns/campaign.ts'
import { type Effect, effectOf, type Group } from '../../shared/campaigns/effect.ts'
import { clawback } from '../../shared/rules/clawback.ts'
import { localTimeOf, momentOf } from '../../shared/rules/localTime.ts'
import type { Quote } from '../../shared/rules/quote.ts'
import { type Instant, toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'
import { readTimeZone } from '../ledger/programme.ts'
import type { Fate } from './fate.ts'
import type { KnownCampaign } from './read.ts'

interface Around {
  now: Instant
  /** Of programmes that have none of their own. */
  timeZone: string
}

export interface Results {
  reached: number
  heldOut: number
  gifts: { people: number; points: number; refused: number; waiting: number }
  messages: Messages
  /** What purchases have earned by its rules, and what of it was taken back with the goods, whenever they came back. */
  rulePoints: number
  returnedPoints: number
  /** What those whom it reached have spent since, whatever points they were. */
  spentPoints: number
  audience: Group
  holdout: Group
  effect: Effect
  asOf: Instant
}

/** How many are to have the message of a campaign, and what became of it to the others. */
export interface Messages {
  waiting: number
  sent: number
  noConsent: number
  noTelegram: number
  blocked: number
  overLimit: number
  noGift: number
  gone: number
  ended: number
  failed: number
}

interface Row extends Group {
  isHeldOut: boolean
  spent: number
  gifts: number
  giftPoints: number
  refused: number
}

/** What became of the people of a campaign since it began, beside those who were left out of it. */
export async function readResults(sql: Sql | Tx, known: KnownCampaign, around: Around): Promise<Results> {
  const { id, campaign, finishedAt } = known
  const { now } = around
  const [since, until] = [await beginningOf(sql, known, around), finishedAt ?? now]
  const isThrough = await isThroughBy(sql, known, around)
  const [rows, [given], messages, returnedPoints] = await Promise.all([
    sql<Row[]>`
      select is_held_out as "isHeldOut", count(*)::int as people,
        (count(*) filter (where purchases > 0))::int as buyers, coalesce(sum(purchases), 0)::int as purchases,
        coalesce(sum(kopecks), 0)::bigint as kopecks, coalesce(sum(kopecks::float8 * kopecks), 0)::float8 as squares,
        coalesce(sum(spent), 0)::bigint as spent, count(gift_points)::int as gifts,
        coalesce(sum(gift_points), 0)::bigint as "giftPoints", count(refused)::int as refused
      from campaign_people
      cross join lateral (
        select count(*) filter (where kind in ('earn', 'apply')) as purchases,
          coalesce(sum(case kind when 'earn' then purchase_kopecks when 'apply' then (quote ->> 'paidKopecks')::bigint
            when 'refund' then - refund_kopecks end), 0)::bigint as kopecks,
          coalesce(sum(spent), 0)::bigint as spent
        from operations
        where operations.customer_id = campaign_people.customer_id and status = 'accepted'
          and at >= ${toIso(since)} and at < ${toIso(until)}
        offset 0) since
      where campaign_id = ${id}
      group by is_held_out`,
    sql<{ points: number }[]>`
      select coalesce(sum(points), 0)::bigint as points
      from campaign_people
      cross join lateral (
        select sum((award ->> 'points')::bigint) as points
        from operations cross join lateral json_array_elements(quote -> 'awards') award
        where operations.customer_id = campaign_people.customer_id and status = 'accepted'
          and kind in ('earn', 'apply') and at >= ${toIso(since)} and at < ${toIso(until)}
          and award ->> 'ruleId' = any(${campaign.rules.map(({ id }) => id)}::text[])
        offset 0) awarded
      where campaign_id = ${id} and not is_held_out`,
    countMessages(sql, known, { isThrough }),
    readReturned(sql, known, { since, until }),
  ])
  const noPeople = { people: 0, buyers: 0, purchases: 0, kopecks: 0, squares: 0 }
  const groupOf = (row: Row | undefined): Group => {
    const { people, buyers, purchases, kopecks, squares } = row ?? noPeople
    return { people, buyers, purchases, kopecks, squares }
  }
  const reached = rows.find(({ isHeldOut }) => !isHeldOut)
  const [audience, holdout] = [groupOf(reached), groupOf(rows.find(({ isHeldOut }) => isHeldOut))]
  const { gifts = 0, giftPoints = 0, refused = 0, spent = 0 } = reached ?? {}
  const waiting = campaign.gift && !isThrough ? audience.people - gifts - refused : 0
  return {
    ...{
      reached: audience.people,
      heldOut: holdout.people,
      rulePoints: given?.points ?? 0,
      returnedPoints,
      spentPoints: spent,
    },
    gifts: { people: gifts, points: giftPoints, refused, waiting },
    messages,
    ...{ audience, holdout, effect: effectOf(audience, holdout), asOf: now },
  }
}

/** When the campaign began: it may have been started long before its first day. */
async function beginningOf(
  sql: Sql | Tx,
  { programmeId, campaign: { from }, startedAt, chosenAt }: KnownCampaign,
  { now, timeZone }: Around,
): Promise<Instant> {
  const started = startedAt ?? now
  if (from === undefined) return started
  const firstMoment = momentOf(from, (await readTimeZone(sql, programmeId)) ?? timeZone)
  // A later version may say another day; its people were chosen on the first one.
  return Math.min(Math.max(started, firstMoment), chosenAt ?? now)
}

/** Whether it gives and tells nothing any more: what its people have not had by then, they do not get. */
async function isThroughBy(
  sql: Sql | Tx,
  { programmeId, campaign, state }: KnownCampaign,
  { now, timeZone }: Around,
): Promise<boolean> {
  if (state === 'finished') return true
  if (campaign.until === undefined) return false
  const { day, time } = localTimeOf(now, (await readTimeZone(sql, programmeId)) ?? timeZone)
  return isOver(campaign, `${day}T${time}`)
}

async function countMessages(
  sql: Sql | Tx,
  { id, campaign }: KnownCampaign,
  { isThrough }: { isThrough: boolean },
): Promise<Messages> {
  const rows = await sql<{ message: Fate | null; people: number }[]>`
    select message, count(*)::int as people from campaign_people
    where campaign_id = ${id} and not is_held_out group by message`
  const of = (fate: Fate | null) => rows.find(({ message }) => message === fate)?.people ?? 0
  const untold = of('queued') + (campaign.message ? of(null) : 0)
  return {
    ...{ waiting: isThrough ? 0 : untold, sent: of('sent'), noConsent: of('no_consent') },
    ...{ noTelegram: of('no_telegram'), blocked: of('blocked'), overLimit: of('over_limit') },
    ...{ noGift: of('no_gift'), gone: of('gone'), failed: of('failed') },
    ended: of('ended') + (isThrough ? untold : 0),
  }
}

const PURCHASES_A_LOOK = 1000

/** Of its purchases of which goods came back: by the rule by which a refund takes points back. */
async function readReturned(
  sql: Sql | Tx,
  { id, campaign }: KnownCampaign,
  { since, until }: { since: Instant; until: Instant },
): Promise<number> {
  if (campaign.rules.length === 0) return 0
  const own = new Set<string | null>(campaign.rules.map(({ id }) => id))
  const purchases = sql<{ quote: Quote; kopecks: number }[]>`
    select quote, kopecks
    from campaign_people
    cross join lateral (
      select reference_id as original, sum(refund_kopecks)::bigint as kopecks
      from operations
      where operations.customer_id = campaign_people.customer_id and kind = 'refund' and status = 'accepted'
        and reference_id is not null
      group by reference_id offset 0) refunded
    join operations earning on earning.customer_id = campaign_people.customer_id and status = 'accepted'
      and at >= ${toIso(since)} and at < ${toIso(until)}
      and (kind = 'earn' and earning.id = original or kind = 'apply' and earning.reference_id = original)
    where campaign_id = ${id} and not is_held_out`
  let points = 0
  for await (const some of purchases.cursor(PURCHASES_A_LOOK))
    for (const { quote, kopecks } of some) {
      const awards = quote.awards.filter(({ ruleId }) => own.has(ruleId))
      const refund = { paidKopecks: quote.paidKopecks, refundedBefore: 0, refundedAfter: kopecks }
      points += clawback(awards, refund).reduce((sum, taken) => sum + taken.points, 0)
    }
  return points
}
