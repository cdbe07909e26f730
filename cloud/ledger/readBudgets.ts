import { bookAt } from '../../shared/rules/book.ts'
import {
  type Budget,
  type DrawnFrom,
  drawnFrom,
  isNearlySpent,
  keyOfDraw,
} from '../../shared/rules/budget.ts'
import { localDayOf } from '../../shared/rules/localTime.ts'
import { DAY, type Instant, toIso } from '../../shared/time.ts'
import type { Sql } from '../database/connect.ts'
import type { Spending } from './budgets.ts'
import { type Rules, readRules, rulesOf, selectRules } from './programme.ts'

export interface BudgetShown extends DrawnFrom, Pick<Spending, 'spent' | 'softAt' | 'hardAt'> {
  title: string
  /** Null: the budget of all stores together. */
  store: string | null
  limit: number
  left: number
  /** A person is to hear of it: nearly all of it is given. */
  isNearlyGiven: boolean
}

interface Which {
  programmeId: number
  now: Instant
  timeZone: string
}

/** The budgets of the valid book, each in the period of this moment; those of stores one after the other. */
export async function readBudgets(sql: Sql, { now, ...which }: Which): Promise<BudgetShown[]> {
  const rules = await readRules(sql, { ...which, since: now })
  const { budgets, timeZone } = bookAt(rules.books, now)
  if (budgets.length === 0) return []
  const [stores, given] = await Promise.all([
    sql<{ id: number; name: string }[]>`
      select id, name from stores where programme_id = ${which.programmeId} order by id`,
    readSpending(sql, { programmeId: which.programmeId }),
  ])
  const byKey = new Map(given.map((spending) => [keyOfDraw(spending), spending]))
  const day = localDayOf(now, timeZone)
  return budgets.flatMap((budget) =>
    (budget.per_store ? stores : [null]).map((store) => {
      const from = drawnFrom(budget, { day, storeId: store?.id ?? null })
      const { spent = 0, softAt = null, hardAt = null } = byKey.get(keyOfDraw(from)) ?? {}
      const { title, limit_points: limit } = budget
      const left = Math.max(0, limit - spent)
      const isNearlyGiven = isNearlySpent(budget, spent)
      return { ...from, title, store: store?.name ?? null, limit, spent, left, isNearlyGiven, softAt, hardAt }
    }),
  )
}

const readSpending = (sql: Sql, { programmeId }: { programmeId: number }) => sql<Spending[]>`
  select programme_id as "programmeId", budget_id as "budgetId", period, store_id as "storeId", spent,
    soft_at as "softAt", hard_at as "hardAt"
  from budget_spending where programme_id = ${programmeId}`

/** A budget that a person is to hear of. */
export interface ReachedBudget extends Spending {
  store: string | null
  budget: Budget
}

/**
 * The budgets of every programme that are nearly or wholly given, for as long as their period lasts and at least a day: a late
 * journal may use up a budget whose period is over. Of each period a person is told once, whatever comes back to it.
 */
export async function readReachedBudgets(
  sql: Sql,
  { now, timeZone }: Pick<Which, 'now' | 'timeZone'>,
): Promise<ReachedBudget[]> {
  const rows = await sql<(Spending & { store: string | null })[]>`
    select budget_spending.programme_id as "programmeId", budget_id as "budgetId", period, store_id as "storeId", spent,
      soft_at as "softAt", hard_at as "hardAt", stores.name as store
    from budget_spending left join stores on stores.id = store_id
    where coalesce(hard_at, soft_at) is not null
    order by 1, 2, 3, 4`
  if (rows.length === 0) return []
  const programmeIds = [...new Set(rows.map(({ programmeId }) => programmeId))]
  const rules = rulesOf(await selectRules(sql, { programmeIds, since: now }), { timeZone })
  return rows.flatMap((row) => {
    const budget = budgetOf(row, rules.get(row.programmeId), now)
    return budget ? [{ ...row, budget }] : []
  })
}

function budgetOf(row: Spending, rules: Rules | undefined, now: Instant): Budget | null {
  if (!rules) return null
  const { budgets, timeZone } = bookAt(rules.books, now)
  const budget = budgets.find(({ id }) => id === row.budgetId)
  if (!budget) return null
  const current = drawnFrom(budget, { day: localDayOf(now, timeZone), storeId: row.storeId })
  const reachedAt = Math.max(row.softAt ?? 0, row.hardAt ?? 0)
  return keyOfDraw(current) === keyOfDraw(row) || now - reachedAt < DAY ? budget : null
}

/** Customers who bought so often in a day that a person is told of it, until a day after it was found. */
export async function readFlaggedDays(
  sql: Sql,
  now: Instant,
): Promise<{ customerId: number; card: string; day: string; purchases: number }[]> {
  return await sql<{ customerId: number; card: string; day: string; purchases: number }[]>`
    select customer_id as "customerId", card, day, customer_days.purchases
    from customer_days join customers on customers.id = customer_id
    where flagged_at > ${toIso(now - DAY)} and flagged_at is not null
    order by customer_id, day`
}
