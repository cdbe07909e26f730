import { useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Segment } from '../../../../../shared/console/segments.ts'
import type { BookTrial } from '../../../../../shared/console/trials.ts'
import { type BookDocument, bookDocumentSchema } from '../../../../../shared/rules/book.ts'
import { type Difference, differencesOf } from '../../../../../shared/rules/difference.ts'
import { useFormats } from '../../format.ts'
import { ActDialog } from '../../kit/ActDialog.tsx'
import { useAddress } from '../../kit/address.ts'
import { Field } from '../../kit/Field.tsx'
import { Page } from '../../kit/Page.tsx'
import { usePlace } from '../../kit/place.ts'
import { Empty, Shown } from '../../kit/Shown.tsx'
import { useReading } from '../../reading.ts'
import { useMay } from '../../session.ts'
import { isOpen, TrialProblem } from '../../trials/TrialFrame.tsx'
import { trialWords } from '../../trials/words.ts'
import { useWords } from '../../words.ts'
import { Differences } from '../Differences.tsx'
import type { Books } from '../Rules.tsx'
import type { Written } from '../rule/draft.ts'
import type { Saying } from '../rule/said.ts'
import { useBook } from '../useBook.ts'
import { BookFields } from './BookField.tsx'
import { BookTrialView } from './BookTrialView.tsx'
import { type BookDraft, draftOf, readDraft } from './draft.ts'
import { baseFields } from './fields.ts'
import { inOrder } from './order.ts'
import { Budgets, Limits, Referral, Statuses } from './Parts.tsx'
import { RuleList, titlesOf } from './RuleList.tsx'
import { useBookTrial } from './useBookTrial.ts'
import { bookEditorWords } from './words.ts'
import '../../kit/editor.css'
import '../rules.css'

/** The next version of the book: begins with the one that holds now. */
export function NewBook() {
  const texts = useWords(bookEditorWords)
  const may = useMay()
  const { programme } = usePlace()
  if (!may('book publish')) return <Empty title={texts.notYours}>{texts.notYoursText}</Empty>
  return <Begun key={programme} programme={programme} />
}

const names = ['draft'] as const
const parts = [
  ['statuses', Statuses],
  ['budgets', Budgets],
  ['limits', Limits],
  ['referral', Referral],
] as const

function Begun({ programme }: { programme: string | undefined }) {
  const { list, book } = useBook(programme)
  const tried = useBookTrial(programme)
  const [{ draft }] = useAddress(names)
  const [isTried, setIsTried] = useState(draft === 'tried')
  // By the version with which somebody has begun anew.
  const [begun, setBegun] = useState(0)
  if (list.error && !list.data) return <Shown of={list}>{() => null}</Shown>
  if (isTried && !tried.read.data) return <Shown of={tried.read}>{() => null}</Shown>
  return (
    <Shown of={book} lines={12}>
      {({ version, document }) => (
        <Form
          key={begun}
          begin={isTried ? (tried.read.data?.trial ?? null) : null}
          tried={tried}
          version={version}
          document={document}
          versions={list.data?.books ?? []}
          onAnew={() => {
            setIsTried(false)
            setBegun(version)
          }}
        />
      )}
    </Shown>
  )
}

interface Wanted {
  /** What was tried before the page was loaded; null: it begins with what holds. */
  begin: Pick<BookTrial, 'version' | 'document'> | null
  tried: ReturnType<typeof useBookTrial>
  /** What holds now, as it is read again and again. */
  version: number
  document: unknown
  versions: Books['books']
  onAnew: () => void
}

/** The book as forms; beside them what they change. */
function Form({ begin, tried, version, document, versions, onAnew }: Wanted) {
  const texts = useWords(bookEditorWords)
  const ofTrial = useWords(trialWords)
  const formats = useFormats()
  const { programme } = usePlace()
  // A part that was left out has its defaults.
  const [before] = useState(() => ({
    ...{ version: begin?.version ?? version, document: bookDocumentSchema.parse(document) },
  }))
  const [draft, setDraft] = useState(() =>
    draftOf(begin ? bookDocumentSchema.parse(begin.document) : before.document),
  )
  const [open, setOpen] = useState<string | null>(null)
  /** Rules that somebody has finished, and the page as a whole: only what is wrong with these is told. */
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set())
  const [timesRefused, setTimesRefused] = useState(0)
  const [isPublishing, setIsPublishing] = useState(false)
  const { read, trying } = tried
  const [isTrialShown, setIsTrialShown] = useState(begin !== null)
  const [, keepAddress] = useAddress(names)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (timesRefused > 0) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [timesRefused])
  const segments = useReading<{ segments: Segment[] }>('/v1/console/segments', { programme, limit: 200 })

  const { document: written, faults, problems } = useMemo(() => readDraft(draft), [draft])
  const differences = useMemo(
    () => written && differencesOf(before.document, written),
    [before.document, written],
  )
  const known = {
    segments: (segments.data?.segments ?? []).map(({ name, title }) => ({ value: name, title })),
    statuses: choicesOf(draft.statuses, 'name'),
    budgets: choicesOf(draft.budgets, 'id'),
  }
  const trial = isTrialShown ? (read.data?.trial ?? null) : null
  const isOfTrial = useMemo(() => {
    const judged = bookDocumentSchema.safeParse(trial?.document).data
    return judged !== undefined && written !== null && differencesOf(judged, written).length === 0
  }, [trial?.document, written])
  const scheduled = versions.filter(({ state }) => state === 'scheduled')
  const isOvertaken = version !== before.version
  const faultyRules = draft.rules.flatMap(({ key, isGone }) =>
    !isGone && [...faults.keys()].some((path) => path.startsWith(`rules.${key}.`)) ? [key] : [],
  )
  const set = (change: Partial<BookDraft>) => setDraft((draft) => ({ ...draft, ...change }))
  const canPublish = !isOvertaken && differences !== null && differences.length > 0
  const isAsked = (key: string) => asked.has(key) || asked.has('all')
  // What nobody has typed yet is not wrong before somebody is through.
  const faultAt = (path: string) => {
    const fault = faults.get(path)
    return fault?.kind === 'needed' && !isAsked('all') ? undefined : fault
  }

  /** The one that is open is finished by it; where something of it is wrong nothing else is begun. */
  function openRule(key: string | null, rules = draft.rules) {
    if (open !== null && open !== key) {
      setAsked(new Set([...asked, open]))
      if (faultyRules.includes(open)) return setTimesRefused((times) => times + 1)
    }
    // Where a priority was typed the rule stands elsewhere now.
    set({ rules: inOrder(rules) })
    setOpen(key)
  }
  function refuse() {
    setAsked(new Set(['all']))
    if (faultyRules[0] !== undefined && (open === null || !faultyRules.includes(open)))
      setOpen(faultyRules[0])
    setTimesRefused((times) => times + 1)
  }

  async function tryIt() {
    if (!written) return refuse()
    setIsTrialShown(true)
    trying.mutate({ document: written, follows: before.version })
    // After a reload it goes on with what was tried.
    await keepAddress({ draft: 'tried' })
  }

  return (
    <Page title={texts.title}>
      <p className="soft">{texts.text(before.version)}</p>
      {isOvertaken && (
        <p className="note warn" role="alert">
          {texts.overtaken(version)}{' '}
          <button type="button" className="link" onClick={onAnew}>
            {texts.beginAnew}
          </button>
        </p>
      )}
      {scheduled.map((book) => (
        <p key={book.version} className="note warn">
          {texts.scheduled(book.version, formats.moment(book.validFrom))}
        </p>
      ))}
      <form
        ref={form}
        className="editor"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!written) return refuse()
          if (canPublish) setIsPublishing(true)
        }}
      >
        <div className="stack">
          <section className="card stack" aria-labelledby="part-rules">
            <h2 id="part-rules">{texts.rules}</h2>
            <p className="soft">{texts.rulesText}</p>
            <RuleList
              rules={draft.rules}
              before={before.document.rules}
              known={known}
              open={open}
              faultAt={(key, path) => (isAsked(key) ? faults.get(`rules.${key}.${path}`) : undefined)}
              isFaulty={(key) => isAsked(key) && faultyRules.includes(key)}
              onOpen={openRule}
              onChange={(rules) => set({ rules })}
            />
          </section>
          <section className="card stack" aria-labelledby="part-base">
            <h2 id="part-base">{texts.base}</h2>
            <BookFields
              fields={baseFields}
              value={draft.base}
              faultAt={(name) => faults.get(`base.${name}`)}
              onChange={(base) => set({ base })}
            />
          </section>
          {parts.map(([part, Part]) => (
            <section key={part} className="card stack" aria-labelledby={`part-${part}`}>
              <h2 id={`part-${part}`}>{texts.parts[part]}</h2>
              <Part draft={draft} faultAt={faultAt} onChange={set} />
            </section>
          ))}
          {problems.length > 0 && (
            <ul className="plain problem">
              {problems.slice(0, 5).map(({ path, message }) => (
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
            <Changed differences={differences} titles={titlesOf(known)} />
            {asked.has('all') && !written && (
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
          <section className="card stack" aria-label={texts.trial}>
            <h2>{texts.trial}</h2>
            {trial ? (
              <BookTrialView
                trial={trial}
                stale={isOfTrial ? null : texts.edited}
                onStop={() => trying.mutate(null)}
              />
            ) : (
              <p className="soft">{texts.trialText}</p>
            )}
            {!isOpen(trial) && (
              <div className="actions">
                <button type="button" onClick={() => void tryIt()}>
                  {trial ? ofTrial.tryAgain : ofTrial.tryIt}
                </button>
              </div>
            )}
            <TrialProblem of={trying.error} />
          </section>
        </div>
      </form>
      {isPublishing && written && differences && (
        <Publish
          {...{ document: written, follows: before.version, differences, titles: titlesOf(known) }}
          onClose={() => setIsPublishing(false)}
        />
      )}
    </Page>
  )
}

const choicesOf = (items: Written[], by: 'id' | 'name') =>
  items.map((item) => ({ value: String(item[by]), title: String(item.title || item[by]) }))

interface ChangedWanted {
  /** Null: the draft is not whole. */
  differences: Difference[] | null
  titles: NonNullable<Saying['titles']>
}

function Changed({ differences, titles }: ChangedWanted) {
  const texts = useWords(bookEditorWords)
  if (!differences) return <p className="soft">{texts.notWhole}</p>
  if (differences.length === 0) return <p className="soft">{texts.nothing}</p>
  return <Differences of={differences} titles={titles} />
}

interface PublishWanted {
  document: BookDocument
  follows: number
  differences: Difference[]
  titles: NonNullable<Saying['titles']>
  onClose: () => void
}

/** The last look at what changes, why, and from when on. */
function Publish({ document, follows, differences, titles, onClose }: PublishWanted) {
  const texts = useWords(bookEditorWords)
  const navigate = useNavigate()
  const { programme } = usePlace()
  const [reason, setReason] = useState('')
  const [at, setAt] = useState('')
  return (
    <ActDialog
      act="book.publish"
      title={texts.publishTitle}
      submit={texts.submit}
      input={
        reason.trim() === ''
          ? null
          : {
              ...{ document, follows, reason },
              ...(at && { at: new Date(at).toISOString() }),
              ...(programme && { programme }),
            }
      }
      onDone={() => void navigate({ to: '/rules' })}
      onClose={onClose}
    >
      <p>{texts.publishText}</p>
      <Differences of={differences} titles={titles} />
      <Field title={texts.at} hint={texts.atHint} value={at} onChange={setAt} kind="datetime-local" />
      <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
