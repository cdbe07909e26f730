import type { Fragment } from 'postgres'
import { dayAfter, startOfLocalDay } from '../../shared/rules/localTime.ts'
import type { Condition, Segment, Sum } from '../../shared/segments/definition.ts'
import { type Day, monthBefore } from '../../shared/segments/isMember.ts'
import { toIso } from '../../shared/time.ts'
import type { Sql, Tx } from '../database/connect.ts'

export interface Ground extends Day {
  /** The status of customers who never had another. */
  entryStatus: string | null
}

/** `isMember` in SQL: true or false for `c`, a customer, and `f`, their facts where there are any. */
export function conditionIn(sql: Sql | Tx, condition: Condition, ground: Ground): Fragment {
  const of = (part: Condition) => conditionIn(sql, part, ground)
  switch (condition.type) {
    case 'all':
      return sql`(${condition.of.reduce((others, part) => sql`${others} and ${of(part)}`, sql`true`)})`
    case 'any':
      return sql`(${condition.of.reduce((others, part) => sql`${others} or ${of(part)}`, sql`false`)})`
    case 'not':
      return sql`(not ${of(condition.of)})`
    case 'sum':
      return isWithin(sql, condition, sumOf(sql, condition.of))
    case 'lately': {
      const column = condition.of === 'purchases' ? sql`purchases` : sql`net_kopecks`
      const from = `${monthBefore(ground.today, condition.months - 1)}-01`
      return isWithin(
        sql,
        condition,
        sql`coalesce((select sum(${column}) from customer_months m where m.customer_id = c.id and month >= ${from}::text::date), 0)`,
      )
    }
    case 'days_since':
      return isSince(sql, condition, ground)
    case 'status': {
      const { names } = condition
      const isEntry = ground.entryStatus !== null && names.includes(ground.entryStatus)
      return sql`coalesce((
        select after is not null and after = any(${names}::text[]) from status_snapshots s
        where s.customer_id = c.id order by s.customer_id desc, seq desc limit 1), ${isEntry})`
    }
    case 'home_store':
      return sql`coalesce(f.home_store_id = any(${condition.ids}::int[]), false)`
    case 'consent':
      return sql`exists (
        select from consents
        where consents.customer_id = c.id and purpose = 'programme' and withdrawn_at is null)`
    case 'telegram':
      return sql`exists (select from people where people.customer_id = c.id and unreachable_since is null)`
  }
}

/** The names of those of these segments that the customer `c` is in, in order; `f` has their facts. */
export const namesIn = (sql: Sql | Tx, segments: readonly Segment[], ground: Ground): Fragment => sql`
  array_remove(array[${segments.map(
    ({ name, definition }, place) =>
      sql`${place > 0 ? sql`,` : sql``} case when ${conditionIn(sql, definition, ground)} then ${name}::text end`,
  )}]::text[], null)`

interface Bounds {
  min?: number | undefined
  max?: number | undefined
}

const isWithin = (sql: Sql | Tx, { min, max }: Bounds, value: Fragment): Fragment => sql`coalesce(
  ${min === undefined ? sql`true` : sql`${value} >= ${min}::bigint`}
  and ${max === undefined ? sql`true` : sql`${value} <= ${max}::bigint`}, false)`

function sumOf(sql: Sql | Tx, what: Sum): Fragment {
  switch (what) {
    case 'purchases':
      return sql`coalesce(f.purchases, 0)`
    case 'net_kopecks':
      return sql`coalesce(f.net_kopecks, 0)`
    case 'average_kopecks':
      return sql`(2 * f.net_kopecks + f.purchases) / nullif(2 * f.purchases, 0)`
    case 'points_earned':
      return sql`coalesce(f.points_earned, 0)`
    case 'points_spent':
      return sql`coalesce(f.points_spent, 0)`
    case 'points_expired':
      return sql`coalesce(f.points_expired, 0)`
  }
}

/** Days are made moments once, and not for each customer. */
function isSince(
  sql: Sql | Tx,
  { what, min, max }: Extract<Condition, { type: 'days_since' }>,
  { today, timeZone }: Ground,
): Fragment {
  const columns = {
    registration: sql`c.created_at`,
    last_purchase: sql`f.last_purchase_at`,
    first_purchase: sql`f.first_purchase_at`,
  }
  const startOf = (daysAgo: number) => toIso(startOfLocalDay(dayAfter(today, -daysAgo), timeZone))
  return sql`coalesce(
    ${min === undefined ? sql`true` : sql`${columns[what]} < ${startOf(min - 1)}`}
    and ${max === undefined ? sql`true` : sql`${columns[what]} >= ${startOf(max)}`}, false)`
}
