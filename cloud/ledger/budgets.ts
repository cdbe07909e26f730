import { type Book, bookAt } from '../../shared/rules/book.ts'
import { type DrawnFrom, isNearlySpent, keyOfDraw } from '../../shared/rules/budget.ts'
import { drawnBy } from '../../shared/rules/facts.ts'
import type { Quote } from '../../shared/rules/quote.ts'
import type { Instant } from '../../shared/time.ts'
import { bigints, ints, moments, tableOf, texts } from '../database/columns.ts'
import type { Tx } from '../database/connect.ts'
import { type Account, type Posting, storeOf } from './account.ts'
import type { Rules } from './programme.ts'
import { type Request, referenceOf } from './request.ts'

/** A budget of a programme in one period, of all stores together or of one of them. */
export interface SpendingKey extends DrawnFrom {
  programmeId: number
}

export interface Spending extends SpendingKey {
  /** The points that were given, less those that came back. */
  spent: number
  /** Since when a person is to hear that it is nearly spent, and that it is spent or too small for an award. */
  softAt: Instant | null
  hardAt: Instant | null
}

export const nothingSpent = (key: SpendingKey): Spending => ({ ...key, spent: 0, softAt: null, hardAt: null })

export const keyOfSpending = ({ programmeId, ...from }: SpendingKey) => `${programmeId} ${keyOfDraw(from)}`

/** The budgets from which the operations of a batch may draw, or to which they may give back. */
export function budgetsOf(
  requests: Request[],
  accountOf: (request: Request) => Account | null,
  rulesIn: (programmeId: number) => Pick<Rules, 'books'>,
): SpendingKey[] {
  const keys = new Map<string, SpendingKey>()
  for (const request of requests) {
    const account = accountOf(request)
    if (!account) continue
    const { programmeId } = account
    for (const from of namedBy(request, account, rulesIn(programmeId).books)) {
      const key = { programmeId, ...from }
      keys.set(keyOfSpending(key), key)
    }
  }
  return [...keys.values()]
}

/** An operation that is undone has noted from which budgets it drew. Where it is of the same batch, it names them itself. */
function namedBy(request: Request, account: Account, books: Book[]): DrawnFrom[] {
  if (request.kind === 'earn' || request.kind === 'redeem') {
    if (books.every(({ budgets }) => budgets.length === 0)) return []
    return drawnBy(bookAt(books, request.at), { at: request.at, storeId: storeOf(request.author) })
  }
  const original = account.operations.get(referenceOf(request) ?? '')
  return (original?.quote?.awards ?? []).flatMap(({ drawnFrom }) => drawnFrom ?? [])
}

/**
 * Locks what budgets have given, after the customers and in the order of their keys, and so that a period in which nothing
 * was given yet can be locked too.
 */
export async function lockBudgets(sql: Tx, keys: SpendingKey[]): Promise<Map<string, Spending>> {
  if (keys.length === 0) return new Map()
  const table = tableOf(sql, keys, [
    ints(({ programmeId }) => programmeId),
    texts(({ budgetId }) => budgetId),
    texts(({ period }) => period),
    ints(({ storeId }) => storeId),
  ])
  const rows = await sql<Spending[]>`
    insert into budget_spending (programme_id, budget_id, period, store_id, spent)
    select wanted.*, 0
    from ${table} as wanted(programme_id, budget_id, period, store_id)
    order by 1, 2, 3, 4
    on conflict (programme_id, budget_id, period, store_id) do update set spent = budget_spending.spent
    returning programme_id as "programmeId", budget_id as "budgetId", period, store_id as "storeId", spent,
      soft_at as "softAt", hard_at as "hardAt"`
  return new Map(rows.map((row) => [keyOfSpending(row), row]))
}

/** The budgets of a batch, all of them locked: what they have given, as its operations move it on. */
export function createBudgets(spendings: ReadonlyMap<string, Spending>) {
  const changed = new Set<Spending>()

  function of(key: SpendingKey): Spending {
    const found = spendings.get(keyOfSpending(key))
    if (!found) throw new Error(`the budget ${keyOfSpending(key)} was not locked`)
    return found
  }

  return {
    spent: (key: SpendingKey): number => of(key).spent,

    /** Notes what an operation has drawn or given back, and whether a budget was too small for it. */
    move({ counted, operation }: Pick<Posting, 'counted' | 'operation'>, book: Book, now: Instant): void {
      const { programmeId, quote, kind, at, author } = operation
      for (const { points, ...from } of counted?.draws ?? []) {
        const spending = of({ programmeId, ...from })
        spending.spent += points
        changed.add(spending)
        const budget = book.budgets.find(({ id }) => id === from.budgetId)
        if (!budget || points < 0) continue
        if (isNearlySpent(budget, spending.spent)) spending.softAt ??= now
        if (spending.spent >= budget.limit_points) spending.hardAt ??= now
      }
      if (!quote || kind === 'apply') return
      const short = shortOf(quote, book)
      if (short.size === 0) return
      for (const from of drawnBy(book, { at, storeId: storeOf(author) })) {
        if (!short.has(from.budgetId)) continue
        const spending = of({ programmeId, ...from })
        spending.hardAt ??= now
        changed.add(spending)
      }
    },

    changed: (): Spending[] => [...changed],
  }
}

/** The budgets that were too small for an award of this purchase. */
function shortOf({ awards, skipped }: Quote, { rules }: Book): Set<string> {
  const cut = new Set([
    ...awards.flatMap(({ ruleId, cutBy }) => (cutBy === 'budget_short' ? ruleId : [])),
    ...skipped.flatMap(({ ruleId, why }) => (why === 'budget_short' ? ruleId : [])),
  ])
  return new Set(rules.flatMap(({ id, budget }) => (cut.has(id) && budget !== undefined ? budget : [])))
}

/** Writes what budgets have given after a batch. They are locked since they were read, so the new sums are right. */
export function saveSpending(sql: Tx, spendings: Spending[]) {
  if (spendings.length === 0) return null
  const table = tableOf(sql, spendings, [
    ints((row) => row.programmeId),
    texts((row) => row.budgetId),
    texts((row) => row.period),
    ints((row) => row.storeId),
    bigints((row) => row.spent),
    moments((row) => row.softAt),
    moments((row) => row.hardAt),
  ])
  return sql`
    update budget_spending set spent = row.spent, soft_at = row.soft_at, hard_at = row.hard_at
    from ${table}
      as row(programme_id, budget_id, period, store_id, spent, soft_at, hard_at)
    where budget_spending.programme_id = row.programme_id and budget_spending.budget_id = row.budget_id
      and budget_spending.period = row.period and budget_spending.store_id is not distinct from row.store_id`
}
