import type { Expiry } from '../../../shared/console/reports.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { isLiveLot } from '../../ledger/conditions.ts'
import { monthAfter, monthOf, monthsAhead, monthsBetween, placeAfter, startOfMonth } from './calendar.ts'

interface Wanted {
  programmeId: number
  timeZone: string
  now: Instant
}

/** Points and customers of lots that die within so many days, from now. */
export async function readExpiring(
  sql: Sql,
  { programmeId, now, days }: Wanted & { days: number[] },
): Promise<{ days: number; points: number; customers: number }[]> {
  const found = days.map(async (days) => {
    const [row] = await sql<{ points: number; customers: number }[]>`
      select coalesce(sum(remaining), 0)::bigint as points, count(distinct customer_id)::int as customers
      from lots join customers on customers.id = customer_id
      where programme_id = ${programmeId} and ${isLiveLot(sql, now)} and expires_at <= ${toIso(now + days * DAY)}`
    return { days, points: row?.points ?? 0, customers: row?.customers ?? 0 }
  })
  return await Promise.all(found)
}

const MONTHS_BEHIND = 12

/**
 * The points that die in each month if no customer spends any, and how many of them will be left if customers spend as
 * before: the share that did die, of all that could have died in the latest twelve months.
 */
export async function readExpiry(sql: Sql, { programmeId, timeZone, now }: Wanted): Promise<Expiry> {
  const first = monthAfter(monthOf(now, timeZone), -MONTHS_BEHIND)
  const from = startOfMonth(first, timeZone)
  const months = [...monthsBetween(from, now, timeZone), ...monthsAhead(now, timeZone).slice(1)]
  const place = placeAfter(sql, sql`expires_at`, months)
  const [behind, ahead] = await Promise.all([
    sql<{ place: number; due: number; expired: number }[]>`
      select ${place} as place, sum(points)::bigint as due, sum(expired + remaining)::bigint as expired
      from lots join customers on customers.id = customer_id
      where programme_id = ${programmeId} and expires_at > ${toIso(from)} and expires_at <= ${toIso(now)}
      group by 1 order by 1`,
    sql<{ place: number; points: number; customers: number; put: number }[]>`
      select place, sum(points)::bigint as points, count(*)::int as customers, sum(put)::bigint as put
      from (
        select ${place} as place, sum(remaining) as points, sum(points) as put
        from lots join customers on customers.id = customer_id
        where programme_id = ${programmeId} and ${isLiveLot(sql, now)}
        group by customer_id, 1) owner
      group by 1 order by 1`,
  ])
  const due = behind.reduce((total, month) => total + month.due, 0)
  const expired = behind.reduce((total, month) => total + month.expired, 0)
  const named = <Found extends { place: number }>({ place, ...figures }: Found) => ({
    month: months[place]?.name ?? '',
    ...figures,
  })
  return {
    ahead: ahead.map(named).map(({ put, ...month }) => ({
      ...month,
      expected: due === 0 ? null : Math.min(month.points, Math.round((put * expired) / due)),
    })),
    behind: behind.map(named),
    expiredBasisPoints: due === 0 ? null : Math.round((10_000 * expired) / due),
    asOf: toIso(now),
  }
}
