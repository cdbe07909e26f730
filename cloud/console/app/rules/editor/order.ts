import { type DraftRule, idOf } from './draft.ts'

const priorityOf = ({ rule }: DraftRule) => (typeof rule.priority === 'number' ? rule.priority : 0)

/** As the rules are judged: the larger priority first, then the id. */
export const inOrder = (rules: readonly DraftRule[]): DraftRule[] =>
  rules.toSorted((a, b) => priorityOf(b) - priorityOf(a) || (idOf(a) < idOf(b) ? -1 : 1))

/** With one of them before the one that it came after. Priorities are raised where the new order needs it, and no further. */
export function movedUp(rules: readonly DraftRule[], key: string): DraftRule[] {
  const place = rules.findIndex((rule) => rule.key === key)
  const [before, moved] = [rules[place - 1], rules[place]]
  if (!before || !moved) return [...rules]
  return raised(rules.toSpliced(place - 1, 2, moved, before))
}

/** After the one that came next. */
export function movedDown(rules: readonly DraftRule[], key: string): DraftRule[] {
  const next = rules[rules.findIndex((rule) => rule.key === key) + 1]
  return next ? movedUp(rules, next.key) : [...rules]
}

function raised(wanted: readonly DraftRule[]): DraftRule[] {
  const done: DraftRule[] = []
  for (const drafted of wanted.toReversed()) {
    const after = done[0]
    const least = after ? priorityOf(after) + (idOf(drafted) < idOf(after) ? 0 : 1) : priorityOf(drafted)
    const isHigh = priorityOf(drafted) >= least
    done.unshift(isHigh ? drafted : { ...drafted, rule: { ...drafted.rule, priority: least } })
  }
  return done
}
