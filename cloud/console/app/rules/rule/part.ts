import type { Fault, RuleDraft, Written } from './draft.ts'

/** By the path of a field. */
type FaultAt = (path: string) => Fault | undefined

/** What a part of the form of a rule has of it. */
export interface Part {
  rule: RuleDraft
  faultAt: FaultAt
  set: (change: Written) => void
}

/** What each field has of what is written, by its name. */
export const fieldsOf =
  (written: Written, faultAt: FaultAt, set: (change: Written) => void) => (name: string) => ({
    ...{ name, value: written[name], fault: faultAt(name) },
    onChange: (value: unknown) => set({ [name]: value }),
  })
