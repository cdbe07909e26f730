import type { PendingQuery, Row } from 'postgres'
import { ROLES } from '../../shared/staff.ts'
import { DAY, type Instant, MINUTE, toIso } from '../../shared/time.ts'
import { SLOT_MS } from '../access/registers/lookupCounts.ts'
import type { Sql } from '../database/connect.ts'
import { isOpenHold } from '../ledger/conditions.ts'

/** What a register has done lately, of all that a thief of its key might do more of. */
export interface RegisterActivity {
  registerId: number
  /** Its redemptions that were neither applied nor released yet. */
  openHolds: number
  /** Redemptions it asked for within an hour, refused ones too. */
  redemptions: number
  /** Different cards it looked up within ten minutes, and those of them that belong to no customer. */
  cards: number
  missed: number
  /** Points that its purchases earned within a day. */
  points: number
  /** Two cards that it made one, within a day. */
  merges: number
}

const HOUR = 60 * MINUTE

/**
 * Of registers that did anything. The operations of a day are found by store and time, in the index that the lists of
 * the stores use.
 */
export async function readRegisterActivity(sql: Sql, now: Instant): Promise<RegisterActivity[]> {
  return await sql<RegisterActivity[]>`
    with done as (
      select register_id, count(*) filter (where kind = 'redeem' and recorded_at > ${toIso(now - HOUR)}) as redemptions,
        coalesce(sum(earned) filter (where status = 'accepted' and kind in ('earn', 'apply')), 0) as points,
        count(*) filter (where status = 'accepted' and kind = 'merge') as merges
      from stores cross join lateral ${doneInStore(sql, now)}
      group by register_id
    ), held as (
      select register_id, count(*) as open_holds from holds
      where ${isOpenHold(sql)}
      group by register_id
    ), looked_up as (
      select register_id, max(cards) as cards, max(missed) as missed from lookup_counts
      where slot > ${toIso(now - 2 * SLOT_MS)} and slot <= ${toIso(now)}
      group by register_id
    )
    select register_id as "registerId", coalesce(open_holds, 0)::int as "openHolds",
      coalesce(redemptions, 0)::int as redemptions, coalesce(cards, 0)::int as cards,
      coalesce(missed, 0)::int as missed, coalesce(points, 0)::int as points, coalesce(merges, 0)::int as merges
    from done full join held using (register_id) full join looked_up using (register_id)
    order by register_id`
}

export interface BusyCard {
  customerId: number
  card: string
  /** Finished within a day: earnings, and redemptions whose discount was taken. */
  purchases: number
  points: number
}

/** Cards with more purchases within a day than a customer of their programme makes, the busiest first. */
export async function readBusyCards(
  sql: Sql,
  { above, now }: { above: { programmeId: number; purchases: number }[]; now: Instant },
): Promise<BusyCard[]> {
  return await sql<BusyCard[]>`
    select busy.customer_id as "customerId", card, busy.purchases::int, busy.points::int
    from (
      select customer_id, count(*) as purchases, sum(earned) as points
      from unnest(
        ${above.map(({ programmeId }) => programmeId)}::int[],
        ${above.map(({ purchases }) => purchases)}::int[]) as usual(programme_id, purchases)
      join stores using (programme_id)
      cross join lateral ${doneInStore(sql, now)}
      where kind in ('earn', 'apply') and status = 'accepted'
      group by customer_id, usual.purchases having count(*) > usual.purchases) busy
    join customers on customers.id = busy.customer_id
    order by busy.purchases desc, busy.customer_id`
}

/** Who gave by hand within a day, in one programme: each for themselves, without others who approved it. */
export interface Giver {
  programmeId: number
  name: string
  /** Moved for customers, in either direction. */
  points: number
  /** The most that the vouchers of their batches may give, and the gifts of the campaigns that they started. */
  kopecks: number
}

/** Of accounts, whichever role has let them; who is at the server may be moving a whole chain to it. */
export async function readGivers(sql: Sql, now: Instant): Promise<Giver[]> {
  const within = (at: PendingQuery<Row[]>) => sql`${at} > ${toIso(now - DAY)} and ${at} <= ${toIso(now)}`
  const byAccount = (author: PendingQuery<Row[]>) => sql`split_part(${author}, ':', 1) = any(${[...ROLES]})`
  return await sql<Giver[]>`
    with moved as (
      select programme_id, split_part(author, ':', 2) as name, sum(abs(points)) as points from operations
      where kind = 'adjust' and status = 'accepted' and ${within(sql`at`)} and ${byAccount(sql`author`)}
        and not exists (
          select from proposals
          where act = 'customer adjust' and state = 'done' and input ->> 'id' = operations.id::text)
      group by 1, 2
    ), made as (
      select programme_id, split_part(created_by, ':', 2) as name, sum((after ->> 'worthKopecks')::bigint) as kopecks
      from voucher_batches
      join audit_log on subject = 'voucher batch ' || voucher_batches.id and action = 'voucher add' and proposal is null
      where ${within(sql`created_at`)} and ${byAccount(sql`created_by`)}
      group by 1, 2
    ), started as (
      select programme_id, split_part(who, ':', 2) as name, campaigns.id, max((after ->> 'giftKopecks')::bigint) as kopecks
      from campaigns
      join audit_log on subject = 'campaign ' || name || ' of programme ' || programme_id
        and action = 'campaign start' and proposal is null
      where state <> 'draft' and (finished_at is null or finished_at > ${toIso(now - DAY)})
        and ${within(sql`audit_log.at`)} and ${byAccount(sql`who`)}
      group by 1, 2, 3
    ), gifts as (
      select programme_id, name, sum(kopecks) as kopecks from started group by 1, 2
    )
    select programme_id as "programmeId", name, coalesce(points, 0)::bigint as points,
      (coalesce(made.kopecks, 0) + coalesce(gifts.kopecks, 0))::bigint as kopecks
    from moved
    full join made using (programme_id, name)
    full join gifts using (programme_id, name)
    order by 1, 2`
}

/** Who merged cards by hand within a day, in one programme. */
export interface Merger {
  programmeId: number
  author: string
  merges: number
}

export async function readMergers(sql: Sql, now: Instant): Promise<Merger[]> {
  return await sql<Merger[]>`
    select programme_id as "programmeId", author, count(*)::int as merges
    from merges join operations on operations.id = merges.operation_id
    where ${mergedWithinDay(sql, now)} and operations.register_id is null
    group by 1, 2
    order by 1, 2`
}

/** A customer who was given another card within a day: for how many others their own stands by now. */
export interface ManyCards {
  programmeId: number
  customerId: number
  card: string
  others: number
}

export async function readManyCards(sql: Sql, now: Instant): Promise<ManyCards[]> {
  return await sql<ManyCards[]>`
    select customers.programme_id as "programmeId", customers.id as "customerId", customers.card, count(*)::int as others
    from (
      select distinct coalesce(merged_into, id) as id from merges join customers on customers.id = kept_id
      where ${mergedWithinDay(sql, now)} and undone_at is null) kept
    join customers on customers.id = kept.id
    join customers other on other.merged_into = kept.id
    group by customers.id
    order by others desc, customers.id`
}

const mergedWithinDay = (sql: Sql, now: Instant) =>
  sql`merges.at > ${toIso(now - DAY)} and merges.at <= ${toIso(now)}`

/** Of the row of `stores` before it, within a day. */
const doneInStore = (sql: Sql, now: Instant) => sql`(
  select customer_id, register_id, kind, status, earned, recorded_at from operations
  where store_id = stores.id and recorded_at > ${toIso(now - DAY)} and recorded_at <= ${toIso(now)}) done_in_store`
