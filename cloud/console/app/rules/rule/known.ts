import type { Choice } from '../../kit/Field.tsx'

/** What rules can name, with the titles by which people know it. */
export type Known = Record<'statuses' | 'segments' | 'budgets', Choice[]>

/** What has no title yet is called by its name. */
export const choicesOf = <Item extends { title?: unknown }>(
  items: readonly Item[],
  by: keyof Item,
): Choice[] => items.map((item) => ({ value: String(item[by]), title: String(item.title || item[by]) }))

export type Titles = Partial<Record<keyof Known, ReadonlyMap<string, string>>>

export const titlesOf = ({ statuses, segments, budgets }: Known): Titles => ({
  statuses: namesOf(statuses),
  segments: namesOf(segments),
  budgets: namesOf(budgets),
})
const namesOf = (choices: Choice[]) => new Map(choices.map(({ value, title }) => [value, title]))

/** What is not there any more stays to be seen, and can be given up. */
export const withGone = (choices: Choice[], chosen: readonly unknown[]): Choice[] => [
  ...choices,
  ...chosen.flatMap((own) =>
    typeof own !== 'string' || choices.some(({ value }) => value === own) ? [] : [{ value: own, title: own }],
  ),
]
