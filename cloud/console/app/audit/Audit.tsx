import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { auditLogSchema, changeSchema } from '../../../../shared/console/auditLog.ts'
import { addressOf } from '../api.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { startOf } from '../kit/days.ts'
import { Filters } from '../kit/Filters.tsx'
import { Page, Time } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { Who } from '../kit/Who.tsx'
import { asOf, useReading } from '../reading.ts'
import { actWords, authorWords } from '../staffWords.ts'
import { useTimeZone } from '../timeZone.ts'
import { useWords } from '../words.ts'
import { subjectOf } from './subject.ts'
import { auditWords } from './words.ts'

type Change = z.infer<typeof changeSchema>

const PATH = '/v1/console/audit-log'
const LIMIT = 50
/** A document of a campaign or a book is read when somebody wants it. */
const LONG = 200
const names = ['who', 'action', 'subject', 'text', 'since', 'until', 'before'] as const

/** Who changed what, when, and from where. */
export function Audit() {
  const texts = useWords(auditWords)
  const acts = useWords(actWords)
  const [search, change] = useAddress(names)
  const timeZone = useTimeZone()
  const { who, action, subject, text, before } = search
  const filter = {
    ...{ who, action, text },
    subject: subject && subjectOf(subject, texts.subjects),
    ...{ since: startOf(search.since, timeZone), until: startOf(search.until, timeZone, 1) },
  }
  const list = useReading<z.infer<typeof auditLogSchema>>(PATH, { ...filter, before, limit: LIMIT })

  const columns: Column<Change>[] = [
    { name: 'at', title: texts.when, cell: ({ at }) => <Time at={at} /> },
    { name: 'who', title: texts.who, cell: ({ who }) => <Who who={who} /> },
    { name: 'action', title: texts.action, cell: ({ action }) => acts[action] ?? action },
    { name: 'subject', title: texts.subject, cell: (change) => <Subject of={change} /> },
    {
      name: 'change',
      title: texts.change,
      isWide: true,
      cell: (change) => <Difference of={change} />,
    },
    {
      name: 'from',
      title: texts.from,
      cell: ({ ip, userAgent, requestId }) => (
        <span className="soft" title={[userAgent, requestId].filter(Boolean).join('\n')}>
          {ip ?? '—'}
        </span>
      ),
    },
  ]
  const actions = Object.entries(acts).map(([value, title]) => ({ value, title }))

  return (
    <Page title={texts.title}>
      <p className="soft">{texts.text}</p>
      <Filters
        filters={[
          { name: 'who', title: texts.filters.who },
          {
            name: 'action',
            title: texts.filters.action,
            ...(actions.length > 0 && { choices: actions }),
          },
          { name: 'subject', title: texts.filters.subject, example: texts.example },
          { name: 'text', title: texts.filters.text },
          { name: 'since', title: texts.filters.since, kind: 'date' },
          { name: 'until', title: texts.filters.until, kind: 'date' },
        ]}
        values={search}
        onChange={(changes) => change(changes)}
      />
      <Shown of={list} lines={12}>
        {({ changes }) =>
          changes.length === 0 ? (
            <Empty title={texts.none}>{texts.noneText}</Empty>
          ) : (
            <>
              <Table label={texts.list} columns={columns} rows={changes} keyOf={({ id }) => id} />
              <Pager
                pages={{
                  next: changes.length === LIMIT ? String(changes.at(-1)?.id) : null,
                  isLater: before !== undefined,
                  onTurn: (before) => change({ before }, { isPage: true }),
                }}
                asOf={asOf(list)}
                csv={addressOf(PATH, { ...filter, format: 'csv' })}
              />
            </>
          )
        }
      </Shown>
    </Page>
  )
}

/** What it is about has a page of its own, where there is one. */
function Subject({ of: { subject, proposal } }: { of: Change }) {
  const texts = useWords(auditWords)
  const about = /^proposal (\d+)$/.exec(subject)?.[1]
  const card = /^customer (\d+)$/.exec(subject)?.[1]
  const [, kind = '', named = ''] = /^(.*) (\S+)$/.exec(subject) ?? []
  const said = texts.subjects[kind] ? `${texts.subjects[kind]} ${named}` : subject
  return (
    <span>
      {about ? (
        <Link to="/proposals" search={{ open: about }}>
          {texts.proposal(Number(about))}
        </Link>
      ) : card ? (
        <Link to="/customers" search={{ q: card }}>
          {said}
        </Link>
      ) : (
        said
      )}
      {proposal !== null && !about && (
        <>
          {' · '}
          <Link to="/proposals" search={{ open: String(proposal) }}>
            {texts.proposal(proposal)}
          </Link>
        </>
      )}
    </span>
  )
}

function Difference({ of: { before, after } }: { of: Change }) {
  const texts = useWords(auditWords)
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const acts = useWords(actWords)
  const roles = useWords(authorWords)
  const { whole, moment } = useFormats()
  const said = (name: string, value: unknown) => {
    if (value === null || value === undefined) return '—'
    if (typeof value === 'number') return whole(value)
    const text = String(value)
    if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return moment(text)
    if (name === 'act') return acts[text] ?? text
    if (name === 'roles')
      return text
        .split(/, ?/)
        .map((role) => roles[role] ?? role)
        .join(', ')
    if (text.length > LONG)
      return (
        <details>
          <summary>{texts.whole}</summary>
          <code>{text}</code>
        </details>
      )
    if (name !== 'operation') return texts.values[text] ?? text
    return (
      <Link to="/customers" search={{ q: text }} title={text}>
        …{text.slice(-6)}
      </Link>
    )
  }
  return (
    <span>
      {names
        .filter((name) => name !== 'hash')
        .map((name, index) => {
          const [was, is] = [before?.[name], after?.[name]]
          return (
            <span key={name}>
              {index > 0 && '; '}
              <span className="soft">{texts.facts[name] ?? name}</span>{' '}
              {before && name in before && was !== is && <>{said(name, was)} → </>}
              {said(name, is ?? was)}
            </span>
          )
        })}
    </span>
  )
}
