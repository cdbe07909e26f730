import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { proposalSchema, proposalsSchema } from '../../../../shared/console/proposals.ts'
import { addressOf } from '../api.ts'
import { useFormats } from '../format.ts'
import { useAddress } from '../kit/address.ts'
import { Chip, Page, Split, Tabs, Time, type Tone } from '../kit/Page.tsx'
import { Pager } from '../kit/Pager.tsx'
import { Empty, Shown } from '../kit/Shown.tsx'
import { type Column, Table } from '../kit/Table.tsx'
import { asOf, useReading } from '../reading.ts'
import { useWords } from '../words.ts'
import { ProposalPanel } from './ProposalPanel.tsx'
import { useSaid } from './said.ts'
import { proposalWords } from './words.ts'

export type Proposal = z.infer<typeof proposalSchema>
type Listed = z.infer<typeof proposalsSchema>

const PATH = '/v1/console/proposals'
const LIMIT = 50
const names = ['state', 'open', 'before'] as const
const states = ['open', 'done', 'rejected', 'lapsed', 'all'] as const
export const toneOf: Record<Proposal['state'], Tone> = {
  open: 'warn',
  done: 'good',
  rejected: 'bad',
  lapsed: 'calm',
}

/** What is too much for one person: who waits for whom, and what was decided. */
export function Proposals() {
  const texts = useWords(proposalWords)
  const said = useSaid()
  const { signed } = useFormats()
  const [{ state: wanted, open, before }, change] = useAddress(names)
  const state = states.find((each) => each === wanted) ?? 'open'
  const asked = state === 'all' ? {} : { state }
  const list = useReading<Listed>(PATH, { ...asked, before, limit: LIMIT })

  const columns: Column<Proposal>[] = [
    {
      name: 'id',
      title: texts.number,
      cell: ({ id }) => (
        <Link to="/proposals" search={{ state: wanted, before, open: String(id) }}>
          {id}
        </Link>
      ),
    },
    {
      name: 'what',
      title: texts.what,
      cell: ({ act, input }) => <What name={said({ act, input }).title} of={input} />,
    },
    {
      name: 'effect',
      title: texts.effect,
      isNumber: true,
      cell: ({ points }) => (points === null ? '—' : <b>{signed(points)}</b>),
    },
    {
      name: 'approvals',
      title: texts.approvals,
      isNumber: true,
      cell: ({ approvals, needs }) => `${approvals.length} / ${needs.length}`,
    },
  ]
  // Beside a panel there is no room for what it says itself.
  if (!open)
    columns.push({
      name: 'by',
      title: texts.by,
      cell: ({ proposedBy, proposedAt }) => (
        <span>
          {proposedBy}{' '}
          <span className="soft">
            · <Time at={proposedAt} />
          </span>
        </span>
      ),
    })
  // Where all wait, it says nothing.
  if (state !== 'open')
    columns.push({
      name: 'state',
      title: texts.stateTitle,
      cell: (proposal) => (
        <span className="chips">
          <Chip tone={toneOf[proposal.state]}>{texts.state[proposal.state]}</Chip>
          {isUnreviewed(proposal) && <Chip tone="bad">{texts.toReview}</Chip>}
        </span>
      ),
    })

  return (
    <Page title={texts.title}>
      <Split
        list={
          <>
            <Tabs
              label={texts.which}
              tabs={states.map((name) => ({ name, title: texts.states[name] }))}
              current={state}
              onChange={(name) => change({ state: name === 'open' ? undefined : name, open: undefined })}
            />
            <Shown of={list}>
              {({ proposals, decided }) =>
                proposals.length === 0 ? (
                  state === 'open' ? (
                    <>
                      <Empty title={texts.noneOpen}>{texts.noneOpenText}</Empty>
                      <DecidedSo decided={decided} />
                    </>
                  ) : (
                    <Empty title={texts.none}>{texts.noneText}</Empty>
                  )
                ) : (
                  <>
                    <Table
                      label={texts.list}
                      columns={columns}
                      rows={proposals}
                      keyOf={({ id }) => id}
                      onOpen={({ id }) => change({ open: String(id) }, { isPage: true })}
                      isOpen={({ id }) => String(id) === open}
                    />
                    <Pager
                      pages={{
                        next: proposals.length === LIMIT ? String(proposals.at(-1)?.id) : null,
                        isLater: before !== undefined,
                        onTurn: (before) => change({ before }, { isPage: true }),
                      }}
                      asOf={asOf(list)}
                      csv={addressOf(PATH, { ...asked, format: 'csv' })}
                    />
                    <DecidedSo decided={decided} />
                  </>
                )
              }
            </Shown>
          </>
        }
        panel={
          open && /^[1-9]\d{0,8}$/.test(open) ? (
            <Opened
              key={open}
              id={Number(open)}
              known={list.data?.proposals.find(({ id }) => id === Number(open))}
              onClose={() => change({ open: undefined }, { isPage: true })}
            />
          ) : null
        }
      />
    </Page>
  )
}

/** How quickly decisions come, and what they are. */
function DecidedSo({ decided }: { decided: Listed['decided'] }) {
  const texts = useWords(proposalWords)
  const { days, done, rejected, lapsed, alone, middleSeconds, slowSeconds } = decided
  if (done + rejected + lapsed + alone === 0) return null
  return (
    <p className="soft">
      {texts.decidedSo(days, { done, rejected, lapsed, alone })}
      {middleSeconds !== null &&
        slowSeconds !== null &&
        ` ${texts.decidedIn(texts.span(middleSeconds), texts.span(slowSeconds))}`}
    </p>
  )
}

export const isUnreviewed = ({ isBreakGlass, reviewedBy }: Proposal) => isBreakGlass && reviewedBy === null

/** By itself, since the list may be of another state; whoever has begun to do something keeps what they have begun. */
function Opened({ id, known, onClose }: { id: number; known: Proposal | undefined; onClose: () => void }) {
  const texts = useWords(proposalWords)
  const own = useReading<Listed>(PATH, { before: id + 1, limit: 1 })
  const found = own.data?.proposals.find((each) => each.id === id) ?? (own.data ? undefined : known)
  if (found) return <ProposalPanel proposal={found} onClose={onClose} />
  return (
    <div className="panel card">
      <Shown of={own}>{() => <Empty title={texts.gone} />}</Shown>
    </div>
  )
}

function What({ name, of }: { name: string; of: unknown }) {
  const { card } = useFormats()
  const subject = typeof of === 'object' && of !== null && 'card' in of ? String(of.card) : null
  return (
    <span>
      {name}
      {subject && <span className="soft"> · {card(subject)}</span>}
    </span>
  )
}
