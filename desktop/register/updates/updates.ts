import type { UpdateProblem, UpdateState } from '../../../shared/update.ts'

/** The updater of this program, as the register shows and reports it. A shell that can be updated brings one. */
export interface Updates {
  state(): UpdateState
  /** Versions that were here and failed. */
  failures(): { version: string; problem: UpdateProblem }[]
  /** Looks, fetches and installs as soon as it can; or says why not. */
  askNow(): 'busy' | null
  subscribe(listener: () => void): void
}

/** The report to the cloud: the state of the update, or else the version that failed here. */
export function reportOf(updates: Updates | undefined): Omit<UpdateState, 'percent'> | undefined {
  if (!updates) return undefined
  const { state, version, problem } = updates.state()
  const failure = updates.failures().at(-1)
  return state === 'none' && failure ? { state: 'failed', ...failure } : { state, version, problem }
}
