import type { ReactNode } from 'react'
import { useFormats } from '../format.ts'
import { problemOf } from '../problem.ts'
import { problemText, problemWords } from '../problemWords.ts'
import { useWords } from '../words.ts'
import { isOpen, type Standing } from './useTrialReading.ts'
import { trialWords } from './words.ts'
import './trials.css'

interface Wanted<Result> {
  title: string
  /** What a trial does: said as long as there is none. */
  text: string
  trial: (Standing & { days: number; result: Result | null }) | null
  /** Why what it says is not of what is seen now. */
  stale: string | null
  /** Null: it is not for who looks. */
  onTry: (() => void) | null
  onStop: (() => void) | null
  /** Why it was not asked for. */
  error: Error | null
  /** What came of it. */
  children: (result: Result, days: number) => ReactNode
}

/** What something would do, by the purchases of the latest days: asked for, on its way, or done. */
export function TrialCard<Result>(wanted: Wanted<Result>) {
  const { title, text, trial, stale, onTry, onStop, error, children } = wanted
  const texts = useWords(trialWords)
  const said = useWords(problemWords)
  return (
    <section className="card stack" aria-label={title}>
      <h2>{title}</h2>
      {!trial ? (
        <p className="soft">{text}</p>
      ) : isOpen(trial) ? (
        <Progress of={trial} onStop={onStop} />
      ) : trial.state === 'failed' ? (
        <p className="problem">{texts.failed(trial.problem ?? '')}</p>
      ) : !trial.result ? (
        <p className="note">{texts.cancelled}</p>
      ) : (
        <div className="stack">
          {stale && <p className="note warn">{stale}</p>}
          {children(trial.result, trial.days)}
        </div>
      )}
      {onTry && !isOpen(trial) && (
        <div className="actions">
          <button type="button" onClick={onTry}>
            {trial ? texts.tryAgain : texts.tryIt}
          </button>
        </div>
      )}
      {error && (
        <p className="problem" role="alert">
          {problemText(said, problemOf(error), true)}
        </p>
      )}
    </section>
  )
}

function Progress({ of, onStop }: { of: Standing; onStop: (() => void) | null }) {
  const texts = useWords(trialWords)
  const { whole } = useFormats()
  const { state, judged, purchases } = of
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
}
