import { useMemo, useState } from 'react'
import { useRefusal } from '../../kit/useRefusal.ts'
import type { Fault } from '../rule/draft.ts'
import { type BookDraft, type DraftRule, readDraft } from './draft.ts'
import { inOrder } from './order.ts'

/**
 * A book while it is written: what is typed, what that makes, and what is wrong with it. Faults of a rule are told once it is
 * finished; empty fields of the other parts once the book is, which is when it is to be published or tried.
 */
export function useDraft(begin: () => BookDraft) {
  const [draft, setDraft] = useState(begin)
  const [openRule, setOpenRule] = useState<string | null>(null)
  const [finishedRules, setFinishedRules] = useState<ReadonlySet<string>>(new Set())
  const [isFinished, setIsFinished] = useState(false)
  const { form, refuse } = useRefusal()

  const { document, faults, problems } = useMemo(() => readDraft(draft), [draft])
  const faultyRules = draft.rules.flatMap(({ key, isGone }) =>
    !isGone && [...faults.keys()].some((path) => path.startsWith(`rules.${key}.`)) ? [key] : [],
  )
  const set = (change: Partial<BookDraft>) => setDraft((draft) => ({ ...draft, ...change }))
  const isTold = (key: string) => isFinished || finishedRules.has(key)

  return {
    ...{ draft, document, problems, openRule, isFinished, form, set },
    /** The base begins with all its fields: an empty one is told at once. */
    faultOfBase: (name: string) => faults.get(`base.${name}`),
    faultAt(path: string): Fault | undefined {
      const fault = faults.get(path)
      return fault?.kind === 'needed' && !isFinished ? undefined : fault
    },
    faultOfRule: (key: string, path: string) =>
      isTold(key) ? faults.get(`rules.${key}.${path}`) : undefined,
    isFaultyRule: (key: string) => isTold(key) && faultyRules.includes(key),

    /** The one that is open is finished by it; where something of it is wrong nothing else is begun. */
    open(key: string | null, rules: DraftRule[] = draft.rules) {
      if (openRule !== null && openRule !== key) {
        setFinishedRules(new Set([...finishedRules, openRule]))
        if (faultyRules.includes(openRule)) return refuse()
      }
      // Where a priority was typed the rule stands elsewhere now.
      set({ rules: inOrder(rules) })
      setOpenRule(key)
    },
    /** The book is finished and not whole: all that is wrong is told, and the first rule that is wrong is opened. */
    refuse() {
      setIsFinished(true)
      const [faulty] = faultyRules
      if (faulty !== undefined && (openRule === null || !faultyRules.includes(openRule))) setOpenRule(faulty)
      refuse()
    },
  }
}
