import type { Owed } from '../../../shared/console/home.ts'
import { worthKopecks } from '../../../shared/money.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { isLiveLot, isOpenHold } from '../../ledger/conditions.ts'
import { monthsAhead, placeAfter } from './calendar.ts'

interface Wanted {
  programmeId: number
  /** The time zone of the months. */
  timeZone: string
  at: Instant
}

/** Points of one age that die in one month. */
interface Part {
  age: number
  month: number
  points: number
}

/** The points that a programme owes now, by its lots. */
export async function readOwed(sql: Sql | Tx, wanted: Wanted): Promise<Owed> {
  const { programmeId, at } = wanted
  const { ages, months } = spansOf(wanted)
  const [parts, [counted], [open]] = await Promise.all([
    sql<Part[]>`
      select ${placeAfter(sql, sql`active_from`, ages)} as age, ${placeAfter(sql, sql`expires_at`, months)} as month,
        sum(remaining)::bigint as points
      from lots join customers on customers.id = customer_id
      where programme_id = ${programmeId} and ${isLiveLot(sql, at)}
      group by 1, 2`,
    sql<{ customers: number }[]>`
      select count(*)::int as customers from customers
      where programme_id = ${programmeId} and exists (
        select from lots where lots.customer_id = customers.id and ${isLiveLot(sql, at)})`,
    sql<{ points: number }[]>`
      select coalesce(sum(points), 0)::bigint as points from holds
      where programme_id = ${programmeId} and ${isOpenHold(sql)}`,
  ])
  return owedOf(parts, { customers: counted?.customers ?? 0, held: open?.points ?? 0 }, wanted)
}

/** The points it owed at an earlier moment to so many customers: the sum of the entries by then. */
export async function readOwedThen(sql: Sql | Tx, wanted: Wanted, customers: number): Promise<Owed> {
  const { programmeId, at } = wanted
  const { ages, months } = spansOf(wanted)
  const [parts, [open]] = await Promise.all([
    sql<Part[]>`
      select ${placeAfter(sql, sql`lot_active_from`, ages)} as age, ${placeAfter(sql, sql`lot_expires_at`, months)} as month,
        sum(points)::bigint as points
      from entries join customers on customers.id = customer_id
      where programme_id = ${programmeId} and at <= ${toIso(at)} and lot_expires_at > ${toIso(at)}
      group by 1, 2 having sum(points) <> 0`,
    sql<{ points: number }[]>`
      select coalesce(sum(holds.points), 0)::bigint as points
      from holds
      join operations asked on asked.customer_id = holds.customer_id and asked.id = holds.id
      left join operations resolved on resolved.customer_id = holds.customer_id and resolved.id = holds.resolved_by
      where holds.programme_id = ${programmeId} and asked.recorded_at <= ${toIso(at)}
        and (resolved.recorded_at is null or resolved.recorded_at > ${toIso(at)})`,
  ])
  return owedOf(parts, { customers, held: open?.points ?? 0 }, wanted)
}

/** From the oldest to those that cannot be spent yet, each with how long ago its points could be spent first. */
const AGES = [
  { age: 'older', days: Number.POSITIVE_INFINITY },
  { age: 'quarter', days: 90 },
  { age: 'month', days: 30 },
  { age: 'week', days: 7 },
  { age: 'waiting', days: 0 },
] as const

const spansOf = ({ at, timeZone }: Wanted) => ({
  ages: AGES.map(({ age, days }) => ({ name: age, begins: Math.max(0, at - days * DAY) })),
  months: monthsAhead(at, timeZone),
})

function owedOf(parts: Part[], counted: Pick<Owed, 'customers' | 'held'>, wanted: Wanted): Owed {
  const sum = (some: Part[]) => some.reduce((total, { points }) => total + points, 0)
  const points = sum(parts)
  return {
    ...{ points, kopecks: worthKopecks(points), ...counted },
    byAge: AGES.map(({ age }, place) => ({
      age,
      points: sum(parts.filter((part) => part.age === place)),
    })).reverse(),
    byExpiry: spansOf(wanted)
      .months.map(({ name }, place) => ({
        month: name,
        points: sum(parts.filter((part) => part.month === place)),
      }))
      .filter(({ points }) => points > 0),
    asOf: toIso(wanted.at),
  }
}
