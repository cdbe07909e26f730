import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { problemOf } from '../problem.ts'
import { problemText, problemWords } from '../problemWords.ts'
import { useWords } from '../words.ts'
import { kitWords } from './words.ts'

interface Wanted<Data> {
  of: UseQueryResult<Data>
  children: (data: Data) => ReactNode
  /** How many lines stand for it while it comes. */
  lines?: number
}

/** What was read, or why it is not there: it comes, it failed, or it is not for this role. */
export function Shown<Data>({ of: { data, error, refetch }, children, lines = 6 }: Wanted<Data>) {
  const texts = useWords(kitWords)
  const said = useWords(problemWords)
  if (error && data === undefined) {
    const problem = problemOf(error)
    return (
      <div className="state" role="alert">
        <p>{problemText(said, problem, false)}</p>
        {problem.isOpen && (
          <button type="button" onClick={() => void refetch()}>
            {said.retry}
          </button>
        )}
      </div>
    )
  }
  if (data === undefined) return <Skeleton lines={lines} />
  return (
    <>
      {error && (
        <p className="note warn" role="status">
          {texts.stale}{' '}
          <button type="button" className="link" onClick={() => void refetch()}>
            {said.retry}
          </button>
        </p>
      )}
      {children(data)}
    </>
  )
}

export function Skeleton({ lines }: { lines: number }) {
  const texts = useWords(kitWords)
  return (
    <div className="bones" role="status">
      <span className="unseen">{texts.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines that are all alike
        <i key={line} />
      ))}
    </div>
  )
}

/** Why there is nothing, and what to do next. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <b>{title}</b>
      {children && <p>{children}</p>}
    </div>
  )
}
