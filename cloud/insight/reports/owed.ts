import type { Owed } from '../../../shared/console/home.ts'
import { worthKopecks } from '../../../shared/money.ts'
import { localDayOf } from '../../../shared/rules/localTime.ts'
import { DAY, type Instant, toIso } from '../../../shared/time.ts'
import type { Sql, Tx } from '../../database/connect.ts'
import { isLiveLot, isOpenHold } from '../../ledger/conditions.ts'

interface Wanted {
  programmeId: number
  /** By whose clock months are. */
  timeZone: string
  at: Instant
}

/** Points of one life: they could be spent from one day on, and die on another. */
interface Life {
  activeFrom: Instant
  expiresAt: Instant
  points: number
}

/** What a programme owes now, by its lots. */
export async function readOwed(sql: Sql | Tx, wanted: Wanted): Promise<Owed> {
  const { programmeId, at } = wanted
  const [lives, [counted], [open]] = await Promise.all([
    sql<Life[]>`
      select active_from as "activeFrom", expires_at as "expiresAt", sum(remaining)::bigint as points
      from lots join customers on customers.id = customer_id
      where programme_id = ${programmeId} and ${isLiveLot(sql, at)}
      group by active_from, expires_at`,
    sql<{ customers: number }[]>`
      select count(*)::int as customers from customers
      where programme_id = ${programmeId} and exists (
        select from lots where lots.customer_id = customers.id and ${isLiveLot(sql, at)})`,
    sql<{ points: number }[]>`
      select coalesce(sum(points), 0)::bigint as points from holds
      where programme_id = ${programmeId} and ${isOpenHold(sql)}`,
  ])
  return owedOf(lives, { customers: counted?.customers ?? 0, held: open?.points ?? 0 }, wanted)
}

/** What it owed at a moment that is over, to so many: the sum of what the ledger had written by then. */
export async function readOwedThen(sql: Sql | Tx, wanted: Wanted, customers: number): Promise<Owed> {
  const { programmeId, at } = wanted
  const [lives, [open]] = await Promise.all([
    sql<Life[]>`
      select lot_active_from as "activeFrom", lot_expires_at as "expiresAt", sum(points)::bigint as points
      from entries join customers on customers.id = customer_id
      where programme_id = ${programmeId} and at <= ${toIso(at)} and lot_expires_at > ${toIso(at)}
      group by lot_active_from, lot_expires_at having sum(points) <> 0`,
    sql<{ points: number }[]>`
      select coalesce(sum(holds.points), 0)::bigint as points
      from holds
      join operations asked on asked.customer_id = holds.customer_id and asked.id = holds.id
      left join operations resolved on resolved.customer_id = holds.customer_id and resolved.id = holds.resolved_by
      where holds.programme_id = ${programmeId} and asked.recorded_at <= ${toIso(at)}
        and (resolved.recorded_at is null or resolved.recorded_at > ${toIso(at)})`,
  ])
  return owedOf(lives, { customers, held: open?.points ?? 0 }, wanted)
}

const AGES = [
  { age: 'week', days: 7 },
  { age: 'month', days: 30 },
  { age: 'quarter', days: 90 },
] as const

function ageOf({ activeFrom }: Life, at: Instant): Owed['byAge'][number]['age'] {
  if (activeFrom > at) return 'waiting'
  return AGES.find(({ days }) => at - activeFrom < days * DAY)?.age ?? 'older'
}

function owedOf(lives: Life[], counted: Pick<Owed, 'customers' | 'held'>, { at, timeZone }: Wanted): Owed {
  const byAge = new Map<string, number>()
  const byMonth = new Map<string, number>()
  for (const life of lives) {
    const [age, month] = [ageOf(life, at), monthOf(life.expiresAt, timeZone)]
    byAge.set(age, (byAge.get(age) ?? 0) + life.points)
    byMonth.set(month, (byMonth.get(month) ?? 0) + life.points)
  }
  const points = lives.reduce((total, life) => total + life.points, 0)
  const ages = ['waiting', ...AGES.map(({ age }) => age), 'older'] as const
  return {
    ...{ points, kopecks: worthKopecks(points), ...counted },
    byAge: ages.map((age) => ({ age, points: byAge.get(age) ?? 0 })),
    byExpiry: [...byMonth]
      .map(([month, points]) => ({ month, points }))
      .sort((one, other) => (one.month < other.month ? -1 : 1)),
    asOf: toIso(at),
  }
}

/** The month in which points can be spent last: they die at its very end, or within. */
const monthOf = (expiresAt: Instant, timeZone: string) => localDayOf(expiresAt - 1, timeZone).slice(0, 7)
