import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { booksSchema } from '../../../../shared/console/books.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Chip, Page, Tabs } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { usePlace } from '../kit/place.ts'
import { Empty, Shown } from '../kit/Shown.tsx'
import { Who } from '../kit/Who.tsx'
import { useReading } from '../reading.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { Current } from './Current.tsx'
import { Differences } from './Differences.tsx'
import { Settings } from './Settings.tsx'
import { ruleWords } from './words.ts'
import './rules.css'

export type Books = z.infer<typeof booksSchema>
type Version = Books['books'][number]

const names = ['part', 'after'] as const
const parts = ['books', 'settings'] as const
const tones = { past: 'calm', current: 'good', scheduled: 'warn', replaced: 'calm' } as const

/** By what purchases are judged, version by version, and by what else the programme is run. */
export function Rules() {
  const texts = useWords(ruleWords)
  const may = useMay()
  const [{ part: wanted, after }, change] = useAddress(names)
  const part = parts.find((each) => each === wanted) ?? 'books'
  const { programme } = usePlace()
  const list = useReading<Books>(
    '/v1/console/books',
    { programme, after, limit: 20 },
    { isOn: part === 'books' },
  )
  return (
    <Page
      title={texts.title}
      actions={
        part === 'books' &&
        may('book publish') && (
          <Link className="button main" to="/new-rules">
            {texts.publish}
          </Link>
        )
      }
    >
      <Tabs
        label={texts.which}
        tabs={parts.map((name) => ({ name, title: texts.parts[name] }))}
        current={part}
        onChange={(name) => change({ part: name === 'books' ? undefined : name })}
      />
      {part === 'settings' ? (
        <Settings programme={programme} />
      ) : (
        <Shown of={list}>
          {({ books, next }) =>
            books.length === 0 ? (
              <Empty title={texts.none} />
            ) : (
              <>
                {after === undefined && <Current books={books} programme={programme} />}
                {books.map((version) => (
                  <One key={version.version} version={version} />
                ))}
                <Pager
                  pages={{
                    next,
                    isLater: after !== undefined,
                    onTurn: (after) => change({ after }, { isPage: true }),
                  }}
                />
              </>
            )
          }
        </Shown>
      )}
    </Page>
  )
}

function One({ version: book }: { version: Version }) {
  const texts = useWords(ruleWords)
  const { moment } = useFormats()
  const isFirst = new Date(book.validFrom).getTime() === 0
  return (
    <section className="card version">
      <header>
        <h2>{texts.version(book.version)}</h2>
        <Chip tone={tones[book.state]}>{texts.states[book.state]}</Chip>
        <span className="soft">{texts.counts(book.rules, book.statuses)}</span>
        <span className="rest" />
        <span className="soft">
          {!isFirst && `${texts.from(moment(book.validFrom))} · `}
          {texts.published} <Who who={book.publishedBy} />, {moment(book.publishedAt)}
        </span>
      </header>
      {book.reason && !isFirst && <p>{book.reason}</p>}
      {book.differences.length > 0 ? (
        <Differences of={book.differences} />
      ) : (
        <p className="soft">{book.version === 1 ? texts.firstOne : texts.same}</p>
      )}
    </section>
  )
}
