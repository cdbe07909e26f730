import type { BookResult } from '../../shared/console/trials.ts'
import { bookDocumentSchema } from '../../shared/rules/book.ts'
import type { Sql } from '../database/connect.ts'
import { readSegmentsOf } from '../insight/segments/read.ts'
import { createExamples } from './examples.ts'
import { judgeAgain } from './judge.ts'
import { skippedOf } from './skipped.ts'
import type { OpenTrial } from './trials.ts'
import type { Around } from './tryCampaign.ts'

const EXAMPLES_A_SIDE = 5

/** What purchases would have earned by a book that is not published, beside what they did. */
export async function tryDraft(
  sql: Sql,
  trial: OpenTrial,
  { now, timeZone, signal }: Around,
): Promise<BookResult> {
  const { programmeId } = trial
  const document = bookDocumentSchema.parse(trial.document)
  const segments = await readSegmentsOf(sql, { programmeId, now, timeZone })
  const [gainers, losers] = [createExamples(EXAMPLES_A_SIDE), createExamples(EXAMPLES_A_SIDE)]
  const tried = await judgeAgain(sql, trial, {
    ...{ document, segments, signal },
    onPurchase(purchase) {
      const { before, after: points } = purchase
      gainers.offer(purchase, { rank: points - before, points })
      losers.offer(purchase, { rank: before - points, points })
    },
  })
  const stores = new Map(tried.byStore.map(({ storeId, name }) => [storeId, name]))
  const budgets = new Map(document.budgets.map((budget) => [budget.id, budget]))
  return {
    ...{ purchases: tried.operations, points: tried.points, customers: tried.customers },
    ...{ countedAnew: tried.countedAnew, skipped: skippedOf(tried, document.rules) },
    rules: tried.byRule.map(({ ruleId: id, ...rule }) => ({ id, ...rule })),
    stores: tried.byStore.map(({ storeId: id, ...store }) => ({ id, ...store })),
    budgets: tried.byBudget.map(({ budgetId: id, storeId, ...sums }) => ({
      ...{ id, title: budgets.get(id)?.title ?? id, ...sums },
      store: storeId === null ? null : (stores.get(storeId) ?? null),
      limit: budgets.get(id)?.limit_points ?? null,
    })),
    examples: [...gainers.end(stores), ...losers.end(stores)],
  }
}
