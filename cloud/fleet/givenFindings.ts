import { toIso } from '../../shared/time.ts'
import type { ReachedBudget, readFlaggedDays } from '../ledger/readBudgets.ts'
import type { Finding } from './alerts.ts'

export type FlaggedDay = Awaited<ReturnType<typeof readFlaggedDays>>[number]

/** What rules have given out: a budget is nearly or wholly given, each told once a period. */
export function budgetFindings({ budget, softAt, hardAt, ...row }: ReachedBudget): Finding[] {
  const { programmeId, budgetId, period, storeId, spent, store } = row
  const found = (of: 'soft' | 'hard', what: string): Finding => ({
    ...{ kind: 'budget', registerId: null, where: store, what },
    reference: `budget ${[programmeId, budgetId, period, ...(storeId === null ? [] : [storeId]), of].join(' ')}`,
  })
  const of = `of the budget ${budgetId} (${period})`
  const soFar = `${spent} of ${budget.limit_points} points are given now: see "budget list"`
  return [
    ...(softAt === null
      ? []
      : [found('soft', `${budget.soft_percent} % ${of} were given at ${toIso(softAt)}; ${soFar}`)]),
    ...(hardAt === null
      ? []
      : [found('hard', `there was nothing left ${of} at ${toIso(hardAt)}, or too little; ${soFar}`)]),
  ]
}

/** The card is in no message, as of one that is busy. */
export function flaggedFinding({ customerId, card, day, purchases }: FlaggedDay): Finding {
  const what =
    `a card that ends in ${card.slice(-3)} made ${purchases} purchases on ${day}, ` +
    'more than the rule book lets pass unseen: see "customer busy"'
  return { kind: 'limit', reference: `customer ${customerId} on ${day}`, registerId: null, where: null, what }
}
