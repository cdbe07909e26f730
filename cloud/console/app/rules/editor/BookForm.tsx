import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Segment } from '../../../../../shared/console/segments.ts'
import type { BookTrial } from '../../../../../shared/console/trials.ts'
import { type BookDocument, bookDocumentSchema } from '../../../../../shared/rules/book.ts'
import { type Difference, differencesOf } from '../../../../../shared/rules/difference.ts'
import { useFormats } from '../../format.ts'
import { Page } from '../../kit/Page.tsx'
import { usePlace } from '../../kit/place.ts'
import { Unsaved } from '../../kit/Unsaved.tsx'
import { useReading } from '../../reading.ts'
import { TrialCard } from '../../trials/TrialCard.tsx'
import { useWords } from '../../words.ts'
import { Differences } from '../Differences.tsx'
import { baseFields } from '../fields.ts'
import type { Books } from '../Rules.tsx'
import { choicesOf, type Titles, titlesOf } from '../rule/known.ts'
import { BookFields } from './BookFields.tsx'
import { BookOutcome } from './BookOutcome.tsx'
import { draftOf } from './draft.ts'
import { Budgets, Limits, Referral, Statuses } from './Parts.tsx'
import { Publish } from './Publish.tsx'
import { RuleList } from './RuleList.tsx'
import type { useBookTrial } from './useBookTrial.ts'
import { useDraft } from './useDraft.ts'
import { bookEditorWords } from './words.ts'
import '../../kit/editor.css'
import '../rules.css'

interface Wanted {
  /** What was tried before the page was loaded; null: it begins with what holds. */
  begin: Pick<BookTrial, 'version' | 'document'> | null
  tried: ReturnType<typeof useBookTrial>
  /** What holds now, as it is read again and again. */
  version: number
  document: unknown
  versions: Books['books']
  onTried: () => void
  onAnew: () => void
}

const parts = [
  ['statuses', Statuses],
  ['budgets', Budgets],
  ['limits', Limits],
  ['referral', Referral],
] as const

/** The book as forms; beside them what they change, and what that would do. */
export function BookForm({ begin, tried, version, document, versions, onTried, onAnew }: Wanted) {
  const texts = useWords(bookEditorWords)
  const formats = useFormats()
  const { programme } = usePlace()
  // A part that was left out has its defaults.
  const holding = useMemo(() => bookDocumentSchema.parse(document), [document])
  const [begun] = useState({ follows: begin?.version ?? version, before: holding })
  // An answer may be lost: what holds by now is known by what was sent.
  const [sent, setSent] = useState<BookDocument[]>([])
  const isOwn = useMemo(
    () => version !== begun.follows && sent.some((each) => differencesOf(each, holding).length === 0),
    [version, begun, sent, holding],
  )
  const { follows, before } = isOwn ? { follows: version, before: holding } : begun
  const book = useDraft(() =>
    draftOf(begin ? bookDocumentSchema.parse(begin.document) : before, before.rules),
  )
  const { draft, document: written, set, refuse } = book
  const segments = useReading<{ segments: Segment[] }>('/v1/console/segments', { programme, limit: 200 })
  const known = {
    segments: choicesOf(segments.data?.segments ?? [], 'name'),
    statuses: choicesOf(draft.statuses, 'name'),
    budgets: choicesOf(draft.budgets, 'id'),
  }
  const titles = titlesOf(known)

  const differences = useMemo(() => written && differencesOf(before, written), [before, written])
  const isOvertaken = version !== follows
  const canPublish = !isOvertaken && differences !== null && differences.length > 0
  // As it was when it was looked at last: what holds may change below the dialog.
  const [publishing, setPublishing] = useState<Parameters<typeof Publish>[0]['book'] | null>(null)

  const { read, trying } = tried
  const [isTrialShown, setIsTrialShown] = useState(begin !== null)
  const trial = isTrialShown ? (read.data?.trial ?? null) : null
  const isOfTrial = useMemo(() => {
    const judged = bookDocumentSchema.safeParse(trial?.document).data
    return judged !== undefined && written !== null && differencesOf(judged, written).length === 0
  }, [trial?.document, written])
  function tryIt() {
    if (!written) return refuse()
    setIsTrialShown(true)
    trying.mutate({ document: written, follows })
    onTried()
  }

  return (
    <Page title={texts.title}>
      {/* What was tried is kept, and the browser's back goes on with it; what was proposed leads on to its proposal. */}
      <Unsaved isChanged={!isOfTrial && !publishing && differences?.length !== 0} />
      <p className="soft">{texts.text(follows)}</p>
      {isOwn && (
        <p className="note" role="status">
          {texts.published(version)} <Link to="/rules">{texts.seeRules}</Link>
        </p>
      )}
      {isOvertaken && (
        <p className="note warn" role="alert">
          {texts.overtaken(version)}{' '}
          <button type="button" className="link" onClick={onAnew}>
            {texts.beginAnew}
          </button>
        </p>
      )}
      {versions
        .filter(({ state }) => state === 'scheduled')
        .map((book) => (
          <p key={book.version} className="note warn">
            {texts.scheduled(book.version, formats.moment(book.validFrom))}
          </p>
        ))}
      <form
        ref={book.form}
        className="editor"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!written) return refuse()
          if (!canPublish) return
          setSent([...sent, written])
          setPublishing({ document: written, follows, differences, titles })
        }}
      >
        <div className="stack">
          <section className="card stack" aria-labelledby="part-rules">
            <h2 id="part-rules">{texts.rules}</h2>
            <p className="soft">{texts.rulesText}</p>
            <RuleList book={book} before={before.rules} known={known} />
          </section>
          <section className="card stack" aria-labelledby="part-base">
            <h2 id="part-base">{texts.base}</h2>
            <BookFields
              fields={baseFields}
              value={draft.base}
              faultAt={book.faultOfBase}
              onChange={(base) => set({ base })}
            />
          </section>
          {parts.map(([part, Part]) => (
            <section key={part} className="card stack" aria-labelledby={`part-${part}`}>
              <h2 id={`part-${part}`}>{texts.parts[part]}</h2>
              <Part draft={draft} faultAt={book.faultAt} onChange={set} />
            </section>
          ))}
          {book.problems.length > 0 && (
            <ul className="plain problem">
              {book.problems.slice(0, 5).map(({ path, message }) => (
                <li key={`${path} ${message}`}>
                  <code>{path}</code> {message}
                </li>
              ))}
            </ul>
          )}
        </div>

        <div className="aside stack">
          <section className="card stack" aria-label={texts.differences}>
            <h2>{texts.differences}</h2>
            <Changed differences={differences} titles={titles} />
            {book.isFinished && !written && (
              <p className="problem" role="alert">
                {texts.lookAt}
              </p>
            )}
            <div className="actions">
              <button type="submit" className="main" aria-disabled={written !== null && !canPublish}>
                {texts.publish}
              </button>
            </div>
          </section>
          <TrialCard
            title={texts.trial}
            text={texts.trialText}
            trial={trial}
            stale={isOfTrial ? null : texts.edited}
            onTry={tryIt}
            onStop={() => trying.mutate(null)}
            error={trying.error}
          >
            {(result, days) => <BookOutcome result={result} days={days} />}
          </TrialCard>
        </div>
      </form>
      {publishing && <Publish book={publishing} onClose={() => setPublishing(null)} />}
    </Page>
  )
}

interface ChangedWanted {
  /** Null: the draft is not whole. */
  differences: Difference[] | null
  titles: Titles
}

function Changed({ differences, titles }: ChangedWanted) {
  const texts = useWords(bookEditorWords)
  if (!differences) return <p className="soft">{texts.notWhole}</p>
  if (differences.length === 0) return <p className="soft">{texts.nothing}</p>
  return <Differences of={differences} titles={titles} />
}
