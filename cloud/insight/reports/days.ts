import type { DaysReport } from '../../../shared/console/reports.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { lookBack, toldBy } from './told.ts'

interface Wanted {
  programmeId: number
  /** The time zone of stores that have none of their own. */
  timeZone: string
  /** Null: all of the programme. */
  stores: number[] | null
  /** Days of the stores, the last one whole: `2026-01-21`. */
  since: string
  until: string
  now: Instant
}

/**
 * What each store did on each of its days, by the clock on its wall; a day on which it did nothing is not there. An operation counts at the
 * moment of its sale, so a day may still grow by what a till tells of late.
 */
export async function readDays(sql: Sql, wanted: Wanted): Promise<DaysReport> {
  const { programmeId, timeZone, stores, since, until, now } = wanted
  // Somewhere it is a day earlier or later.
  const [from, to] = [Date.parse(since) - DAY, Date.parse(until) + 2 * DAY]
  const days = await lookBack(
    sql,
    async (sql) =>
      await sql<DaysReport['days']>`
      with done as (
        select store_id, to_char(at at time zone coalesce(stores.time_zone, ${timeZone}), 'YYYY-MM-DD') as day,
          kind, kind in ('earn', 'apply') as is_purchase, earned, spent, refund_kopecks,
          case kind when 'earn' then purchase_kopecks when 'apply' then (quote->>'paidKopecks')::bigint end as kopecks
        from ${toldBy(sql, { programmeId, stores, since: from })} operation join stores on stores.id = store_id
        where at >= ${toIso(from)} and at < ${toIso(to)})
      select day, json_build_object('id', stores.id, 'name', stores.name) as store, count(*)::int as operations,
        (count(*) filter (where is_purchase))::int as purchases,
        coalesce(sum(kopecks) filter (where is_purchase), 0)::bigint as kopecks,
        (count(*) filter (where kind = 'refund'))::int as refunds,
        coalesce(sum(refund_kopecks) filter (where kind = 'refund'), 0)::bigint as "refundKopecks",
        coalesce(sum(earned) filter (where is_purchase), 0)::bigint as earned,
        coalesce(sum(spent) filter (where is_purchase), 0)::bigint as spent,
        coalesce(0 - sum(earned) filter (where kind = 'refund'), 0)::bigint as "takenBack",
        coalesce(0 - sum(spent) filter (where kind = 'refund'), 0)::bigint as "givenBack"
      from done join stores on stores.id = store_id
      where day between ${since} and ${until}
      group by day, stores.id, stores.name
      order by day desc, stores.name, stores.id`,
  )
  return { days, since, until, asOf: toIso(now) }
}
