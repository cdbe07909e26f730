import { useWords } from '../../words.ts'
import type { Fault } from './draft.ts'
import { ruleFormWords } from './words.ts'

/** Says what is wrong with a field, and of some by their name more exactly; null: nothing is. */
export function useFaultText() {
  const texts = useWords(ruleFormWords)
  return (fault: Fault | undefined, name = '', scale: 1 | 100 = 1): string | null =>
    fault ? texts.fault(fault, scale, name) : null
}
