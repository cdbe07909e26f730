import { useFormats } from '../../format.ts'
import { useStoreNames } from '../../stores/useStoreNames.ts'
import { useWords } from '../../words.ts'
import type { Titles } from './known.ts'
import type { Saying } from './said.ts'
import { ruleFormWords } from './words.ts'

/** How rules are said here. */
export function useSaying(titles: Titles = {}): Saying {
  return { texts: useWords(ruleFormWords), formats: useFormats(), stores: useStoreNames(), titles }
}
