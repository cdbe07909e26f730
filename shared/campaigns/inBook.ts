import type { BookDocument } from '../rules/book.ts'
import { budgetSchema } from '../rules/budget.ts'
import type { Rule } from '../rules/rule.ts'
import type { Campaign } from './campaign.ts'

const BUDGET = 'campaign-'
const budgetOf = (name: string) => `${BUDGET}${name}`
/** Null: it is a budget of the book's own. */
export const campaignOfBudget = (id: string) => (id.startsWith(BUDGET) ? id.slice(BUDGET.length) : null)

/** The book with the rules of a campaign, in the place of those that it may have had there. */
export function withCampaign(document: BookDocument, campaign: Campaign): BookDocument {
  const { rules, budgets, ...rest } = withoutCampaign(document, campaign.name)
  const { name, title, budget_points } = campaign
  return {
    ...rest,
    rules: [...rules, ...campaign.rules.map((rule) => ofCampaign(rule, campaign))],
    budgets:
      budget_points === undefined
        ? budgets
        : [...budgets, budgetSchema.parse({ id: budgetOf(name), title, limit_points: budget_points })],
  }
}

export function withoutCampaign({ rules, budgets, ...rest }: BookDocument, name: string): BookDocument {
  return {
    ...rest,
    rules: rules.filter(({ campaign }) => campaign !== name),
    budgets: budgets.filter(({ id }) => id !== budgetOf(name)),
  }
}

/** As if it had always been there: what it would have given to what was bought already. */
export function atAnyTime({ from: _, until: __, rules, ...rest }: Campaign): Campaign {
  return { ...rest, rules: rules.map(({ from: _, until: __, ...rule }) => rule) }
}

/** With whom it is for, who is left out, when, and what it draws on. */
function ofCampaign(
  rule: Rule,
  { name, audience, holdout_percent, from, until, budget_points }: Campaign,
): Rule {
  return {
    ...rule,
    ...{ campaign: name, audience },
    ...(holdout_percent > 0 && { holdout_percent }),
    ...(rule.from === undefined && from !== undefined && { from }),
    ...(rule.until === undefined && until !== undefined && { until }),
    ...(rule.budget === undefined && budget_points !== undefined && { budget: budgetOf(name) }),
  }
}
