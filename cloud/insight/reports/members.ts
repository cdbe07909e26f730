import type { Home } from '../../../shared/console/home.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { daysBetween, placeAmong } from './calendar.ts'
import { lookBack, toldBy } from './told.ts'

interface Wanted {
  programmeId: number
  /** Null: all of the programme. */
  stores: number[] | null
  timeZone: string
  now: Instant
}

type Members = NonNullable<Home['members']>

const DAYS = 30

/**
 * Whether members come back: thirty days against the thirty before, up to now. A purchase counts in the period of its sale,
 * a redemption once 1C has given the discount; one that came back later was one.
 */
export async function readMembers(
  sql: Sql,
  { programmeId, stores, timeZone, now }: Wanted,
): Promise<Members> {
  const [middle, from] = [now - DAYS * DAY, now - 2 * DAYS * DAY]
  const days = daysBetween(from, now, timeZone)
  const [rows, [joined]] = await Promise.all([
    lookBack(
      sql,
      (sql) => sql<Row[]>`
      with summed as materialized (
        select grouping(place) = 0 as is_day, is_now, place, count(*)::int as purchases, sum(kopecks)::bigint as kopecks,
          sum(earned)::bigint as earned, sum(spent)::bigint as spent
        from (
          select customer_id, at >= ${toIso(middle)} as is_now, ${placeAmong(sql, sql`at`, days)} as place,
            earned, spent,
            case kind when 'earn' then purchase_kopecks else (quote->>'paidKopecks')::bigint end as kopecks
          from ${toldBy(sql, { programmeId, stores, since: from })} operation
          where at > ${toIso(from)} and at <= ${toIso(now)} and kind in ('earn', 'apply')) bought
        group by grouping sets ((customer_id, is_now), (place)))
      select 'period' as what, is_now as "isNow", null::int as place, count(*)::int as active,
        (count(*) filter (where purchases > 1))::int as repeated, sum(purchases)::int as purchases,
        sum(kopecks)::bigint as kopecks, sum(earned)::bigint as earned, sum(spent)::bigint as spent
      from summed where not is_day group by is_now
      union all
      select 'day', null, place, null, null, purchases, kopecks, earned, spent from summed where is_day`,
    ),
    sql<{ now: number; before: number }[]>`
      select (count(*) filter (where created_at > ${toIso(middle)}))::int as now,
        (count(*) filter (where created_at <= ${toIso(middle)}))::int as before
      from customers c
      where programme_id = ${programmeId} and created_at > ${toIso(from)} and created_at <= ${toIso(now)}
        and ${
          stores === null
            ? sql`true`
            : sql`exists (
                select from store_customers seen where seen.customer_id = c.id and seen.store_id = any(${stores}::int[]))`
        }`,
  ])
  const period = (isNow: boolean) =>
    rows.find((row) => row.what === 'period' && row.isNow === isNow) ?? nothing
  const compared = (figure: (period: Period) => number | null) => ({
    ...{ now: figure(period(true)), before: figure(period(false)) },
  })
  return {
    days: DAYS,
    active: compared(({ active }) => active),
    joined: joined ?? { now: 0, before: 0 },
    repeatBasisPoints: compared(({ active, repeated }) =>
      active === 0 ? null : Math.round((10_000 * repeated) / active),
    ),
    purchases: compared(({ purchases }) => purchases),
    kopecks: compared(({ kopecks }) => kopecks),
    earned: compared(({ earned }) => earned),
    spent: compared(({ spent }) => spent),
    // Registers report only purchases with a card, so the number of all receipts is not known yet.
    receiptsWithCardBasisPoints: { now: null, before: null },
    byDay: days.map(({ name: day }, place) => {
      const found = rows.find((row) => row.what === 'day' && row.place === place)
      const { purchases, kopecks, earned, spent } = found ?? nothing
      return { day, purchases, kopecks, earned, spent }
    }),
    asOf: toIso(now),
  }
}

interface Period {
  active: number
  repeated: number
  purchases: number
  kopecks: number
  earned: number
  spent: number
}

type Row = Period & {
  what: 'period' | 'day'
  isNow: boolean | null
  /** The place of the day among those of the report. */
  place: number | null
}

const nothing: Period = { active: 0, repeated: 0, purchases: 0, kopecks: 0, earned: 0, spent: 0 }
