import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { type ActInput, type ActPath, type Answer, useAct } from '../acts.ts'
import { problemOf } from '../problem.ts'
import { problemText, problemWords } from '../problemWords.ts'
import { roleWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { Dialog } from './Dialog.tsx'
import { kitWords } from './words.ts'

interface Wanted<Path extends ActPath> {
  act: Path
  title: string
  submit: string
  isDangerous?: boolean
  /** Null: the form is not complete. */
  input: ActInput<Path> | null
  /** The fields. */
  children?: ReactNode
  /** What it did, where that is to be read; otherwise the dialog closes by itself. */
  told?: (answer: Extract<Answer<Path>, { status: 'done' }>['result']) => ReactNode
  /** What was told is told once, and was not taken yet: closed, it would be lost. */
  isUntaken?: boolean
  /** Where it leads on to, in the place of what asked. */
  onDone?: () => void
  onClose: () => void
}

/** Asks for an act, and says what became of it. */
export function ActDialog<Path extends ActPath>(props: Wanted<Path>) {
  const {
    act,
    title,
    submit,
    isDangerous,
    input,
    children,
    told,
    isUntaken = false,
    onClose,
    onDone = onClose,
  } = props
  const texts = useWords(kitWords)
  const said = useWords(problemWords)
  const roles = useWords(roleWords)
  const [wasAsked, setWasAsked] = useState(false)
  const asking = useAct(act)
  const answer = asking.data

  if (answer?.status === 'proposed') {
    const { id, needs } = answer.proposal
    return (
      <Dialog title={texts.proposed} onClose={onClose}>
        <p>{texts.proposedText(id, needs.map((role) => roles[role]).join(', '))}</p>
        <div className="actions">
          <Link className="button main" to="/proposals" search={{ open: String(id) }}>
            {texts.open}
          </Link>
          <button type="button" onClick={onClose}>
            {texts.close}
          </button>
        </div>
      </Dialog>
    )
  }
  if (answer && told)
    return (
      <Dialog title={title} onClose={onClose} isHeld={isUntaken}>
        {told(answer.result)}
        <div className="actions">
          <button
            type="button"
            className="main"
            aria-disabled={isUntaken}
            onClick={isUntaken ? undefined : onClose}
          >
            {texts.done}
          </button>
        </div>
      </Dialog>
    )

  // Something else would be another act, beside the one that may be done: it is asked for again as it was, or given up.
  const isUnanswered = asking.isError && problemOf(asking.error).isOpen
  const wanted = isUnanswered ? asking.variables : input
  // What is on its way is not undone by closing, and would be asked for again with another key.
  return (
    <Dialog title={title} onClose={onClose} isHeld={asking.isPending}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          setWasAsked(true)
          if (wanted !== null && !asking.isPending)
            asking.mutate(wanted, { onSuccess: (done) => done.status === 'done' && !told && onDone() })
        }}
      >
        <fieldset className="stack" disabled={isUnanswered}>
          {children}
        </fieldset>
        {wasAsked && wanted === null && (
          <p className="problem" role="alert">
            {texts.required}
          </p>
        )}
        {asking.error && (
          <p className="problem" role="alert">
            {problemText(said, problemOf(asking.error), true)}
          </p>
        )}
        <div className="actions">
          <button type="submit" className={isDangerous ? 'danger' : 'main'} aria-disabled={asking.isPending}>
            {asking.isPending ? texts.loading : submit}
          </button>
          <button
            type="button"
            aria-disabled={asking.isPending}
            onClick={asking.isPending ? undefined : onClose}
          >
            {texts.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
