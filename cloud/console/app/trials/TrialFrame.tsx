import type { ReactNode } from 'react'
import type { CampaignTrial } from '../../../../shared/console/trials.ts'
import { useFormats } from '../format.ts'
import { problemOf } from '../problem.ts'
import { problemText, problemWords } from '../problemWords.ts'
import { useWords } from '../words.ts'
import { trialWords } from './words.ts'
import './trials.css'

export const isOpen = (trial: Pick<CampaignTrial, 'state'> | null | undefined) =>
  trial?.state === 'waiting' || trial?.state === 'running'

type Standing<Result> = Pick<CampaignTrial, 'state' | 'judged' | 'purchases' | 'problem'> & {
  result: Result | null
}

interface Wanted<Result> {
  trial: Standing<Result>
  /** Why what it says is not of what is seen now. */
  stale: string | null
  onStop: (() => void) | null
  children: (result: Result) => ReactNode
}

/** How far a trial is, or what it said. */
export function TrialFrame<Result>({ trial, stale, onStop, children }: Wanted<Result>) {
  const texts = useWords(trialWords)
  const { whole } = useFormats()
  const { state, judged, purchases, result, problem } = trial
  if (isOpen(trial))
    return (
      <div className="stack">
        <p role="status">
          {state === 'waiting' || purchases === null
            ? texts.waiting
            : texts.running(whole(judged), whole(purchases))}
        </p>
        <progress
          aria-label={texts.progress}
          max={purchases ?? 1}
          {...(purchases !== null && { value: judged })}
        />
        {onStop && (
          <div className="actions">
            <button type="button" onClick={onStop}>
              {texts.stop}
            </button>
          </div>
        )}
      </div>
    )
  if (state === 'failed') return <p className="problem">{texts.failed(problem ?? '')}</p>
  if (!result) return <p className="note">{texts.cancelled}</p>
  return (
    <div className="stack">
      {stale && <p className="note warn">{stale}</p>}
      {children(result)}
    </div>
  )
}

/** Why a trial was not asked for. */
export function TrialProblem({ of: error }: { of: Error | null }) {
  const said = useWords(problemWords)
  if (!error) return null
  return (
    <p className="problem" role="alert">
      {problemText(said, problemOf(error), true)}
    </p>
  )
}
