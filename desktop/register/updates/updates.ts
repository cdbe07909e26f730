import type { UpdateProblem, UpdateState } from '../../../shared/update.ts'

/** What keeps this program current, as the register shows and reports it. A shell that can be updated has one. */
export interface Updates {
  state(): UpdateState
  /** Versions that were here and failed. */
  failures(): { version: string; problem: UpdateProblem }[]
  /** Looks, fetches and installs as soon as it can; or says why not. */
  askNow(): 'busy' | null
  subscribe(listener: () => void): void
}

/** What the cloud is told: where the update is, and otherwise which version failed here. */
export function reportOf(updates: Updates | undefined): Omit<UpdateState, 'percent'> | undefined {
  if (!updates) return undefined
  const { state, version, problem } = updates.state()
  const failure = updates.failures().at(-1)
  return state === 'none' && failure ? { state: 'failed', ...failure } : { state, version, problem }
}
