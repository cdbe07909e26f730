import { actWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import type { Proposal } from './Proposals.tsx'
import { proposalWords } from './words.ts'

/** What is proposed, and in a sentence what it does where no points say that. */
export function useSaid(): (of: Pick<Proposal, 'act' | 'input'>) => { title: string; text: string } {
  const acts = useWords(actWords)
  const { noEffect, stops, goesOn } = useWords(proposalWords)
  return ({ act, input }) => {
    if (act === 'programme freeze') return (input as { undo?: boolean }).undo ? goesOn : stops
    return { title: acts[act] ?? act, text: noEffect }
  }
}
