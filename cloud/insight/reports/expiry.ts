import type { Expiry } from '../../../shared/console/reports.ts'
import { localDayOf, startOfLocalDay } from '../../../shared/rules/localTime.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql } from '../../database/connect.ts'
import { isLiveLot } from '../../ledger/conditions.ts'

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
 * What dies in which month if nobody spends anything, and what of it will be left if customers spend as they did: of all
 * that could have died in the latest twelve months so large a share did.
 */
export async function readExpiry(sql: Sql, { programmeId, timeZone, now }: Wanted): Promise<Expiry> {
  const month = sql`to_char((expires_at - interval '1 millisecond') at time zone ${timeZone}, 'YYYY-MM')`
  const from = startOfLocalDay(`${monthsBefore(localDayOf(now, timeZone), MONTHS_BEHIND)}-01`, timeZone)
  const [behind, ahead] = await Promise.all([
    sql<{ month: string; due: number; expired: number }[]>`
      select ${month} as month, sum(points)::bigint as due, sum(expired + remaining)::bigint as expired
      from lots join customers on customers.id = customer_id
      where programme_id = ${programmeId} and expires_at > ${toIso(from)} and expires_at <= ${toIso(now)}
      group by 1 order by 1`,
    sql<{ month: string; points: number; customers: number; put: number }[]>`
      select ${month} as month, sum(remaining)::bigint as points, count(distinct customer_id)::int as customers,
        sum(points)::bigint as put
      from lots join customers on customers.id = customer_id
      where programme_id = ${programmeId} and ${isLiveLot(sql, now)}
      group by 1 order by 1`,
  ])
  const due = behind.reduce((total, month) => total + month.due, 0)
  const expired = behind.reduce((total, month) => total + month.expired, 0)
  return {
    ahead: ahead.map(({ put, ...month }) => ({
      ...month,
      expected: due === 0 ? null : Math.min(month.points, Math.round((put * expired) / due)),
    })),
    behind: [...behind],
    expiredBasisPoints: due === 0 ? null : Math.round((10_000 * expired) / due),
    asOf: toIso(now),
  }
}

function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number)
  const count = year * 12 + month - 1 - months
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
}
