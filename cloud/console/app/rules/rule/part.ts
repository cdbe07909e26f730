import type { Fault, RuleDraft, Written } from './draft.ts'

/** What a part of the form of a rule has of it. */
export interface Part {
  rule: RuleDraft
  /** By the path within the rule. */
  faultAt: (path: string) => Fault | undefined
  set: (change: Written) => void
}

/** And what a field has, by its name. */
export const fieldOf =
  ({ rule, faultAt, set }: Part) =>
  (name: string) => ({
    ...{ name, value: rule[name], fault: faultAt(name) },
    onChange: (value: unknown) => set({ [name]: value }),
  })
