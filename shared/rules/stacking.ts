import type { Award } from './award.ts'
import type { Skipped } from './conditions.ts'
import type { Rule } from './rule.ts'

/** A rule that is met, and what it would give. */
export interface Candidate {
  rule: Rule
  award: Award
}

/** The larger priority first, then by id: there are no ties. */
export function byPriority(a: Rule, b: Rule): number {
  return (b.priority ?? 0) - (a.priority ?? 0) || (a.id < b.id ? -1 : 1)
}

/** Why a candidate gives nothing because of others of its group; `candidates` are in order. Groups do not see each other. */
export function outdone(candidates: readonly Candidate[]): Map<Rule, Skipped> {
  const losers = new Map<Rule, Skipped>()
  const groups = Map.groupBy(candidates, ({ rule }) => rule.stacking?.group)
  for (const [group, members] of groups) {
    const how = members[0]?.rule.stacking?.how
    if (group === undefined || how === undefined || how === 'add') continue
    const winner = members.reduce((best, member) =>
      how === 'best' && member.award.points > best.award.points ? member : best,
    )
    for (const { rule } of members)
      if (rule !== winner.rule) losers.set(rule, how === 'best' ? 'not_best' : 'excluded')
  }
  return losers
}
