import { lazy, type ReactNode, Suspense, useState } from 'react'
import { type Formats, useFormats } from '../format.ts'
import { Chip, Facts, Panel, Time } from '../kit/Page.tsx'
import { Skeleton } from '../kit/Shown.tsx'
import { kitWords } from '../kit/words.ts'
import { useMay, useSession } from '../session.ts'
import { roleWords } from '../staffWords.ts'
import { useWords } from '../words.ts'
import { type Deed, DeedDialog } from './DeedDialog.tsx'
import { isUnreviewed, type Proposal, toneOf } from './Proposals.tsx'
import { useSaid } from './said.ts'
import { proposalWords } from './words.ts'

// The schemas of books and vouchers are large, and most proposals are about points.
const Content = lazy(() => import('./Content.tsx'))

/** One proposal with its effect, whom it waits for, and what whoever looks may do with it. */
export function ProposalPanel({ proposal, onClose }: { proposal: Proposal; onClose: () => void }) {
  const texts = useWords(proposalWords)
  const { close } = useWords(kitWords)
  const roles = useWords(roleWords)
  const formats = useFormats()
  const { name, roles: own } = useSession()
  const may = useMay()
  const [deed, setDeed] = useState<Deed | null>(null)
  const { id, act, points, kopecks, needs, awaits, approvals, proposedBy, state, input } = proposal
  const said = useSaid()(proposal)
  const isOwn = proposedBy === name
  const isOpen = state === 'open'
  const hasApproved = approvals.some(({ account }) => account === name)
  const mayDecide = needs.some((role) => own.includes(role))
  const isNeeded = awaits.some((role) => own.includes(role))
  const note =
    !isOpen || !may('proposal approve')
      ? null
      : isOwn
        ? texts.own
        : hasApproved
          ? texts.already
          : isNeeded
            ? null
            : texts.notNeeded
  const deeds: [Deed, boolean][] = [
    ['approve', isOpen && !isOwn && !hasApproved && isNeeded && may('proposal approve')],
    ['review', isUnreviewed(proposal) && !isOwn && proposal.decidedBy !== name && may('proposal review')],
    ['edit', isOpen && isOwn && act === 'customer adjust' && may('proposal edit')],
    ['reject', isOpen && may('proposal reject') && (isOwn || own.includes('owner') || mayDecide)],
    ['break', isOpen && may('proposal break')],
  ]
  const isLess = points !== null && points < 0
  const ofBook = isLess ? texts.aMonthLess : texts.aMonth
  const ofOthers: Record<string, string> = {
    'customer adjust': isLess ? texts.takes : texts.gives,
    'voucher add': texts.atMost,
  }
  const facts: [string, ReactNode][] = [
    ...factsOf(input, texts.inputs, formats),
    [texts.by, proposedBy],
    [texts.proposedAt, <Time key="at" at={proposal.proposedAt} />],
  ]
  if (isOpen) facts.push([texts.expiresAt, <Time key="until" at={proposal.expiresAt} />])
  if (proposal.decidedBy)
    facts.push([
      texts.decided,
      <span key="by">
        {proposal.decidedBy}, <Time at={proposal.decidedAt} />
      </span>,
    ])
  if (proposal.reason) facts.push([texts.why, proposal.reason])
  if (proposal.reviewedBy) facts.push([texts.reviewed, proposal.reviewedBy])
  const offered = deeds.flatMap(([name, isOffered]) => (isOffered ? [name] : []))
  const titles: Record<Deed, string> = {
    approve: texts.approve,
    reject: texts.reject,
    edit: texts.edit,
    break: texts.breakGlass,
    review: texts.review,
  }

  return (
    <Panel title={texts.proposal(id)} close={close} onClose={onClose}>
      <div className="stack">
        <div>
          <p>
            <b>{said.title}</b> <Chip tone={toneOf[state]}>{texts.state[state]}</Chip>
          </p>
        </div>
        {points === null ? (
          <p>{said.text}</p>
        ) : (
          <div className="effect">
            <strong>{formats.signed(points)}</strong>
            <span>{ofOthers[act] ?? ofBook}</span>
            <span className="soft">{texts.worth(formats.rouble(Math.abs(kopecks ?? 0)))}</span>
          </div>
        )}
        {(act === 'book publish' || act === 'voucher add') && (
          <Suspense fallback={<Skeleton lines={3} />}>
            <Content act={act} input={input as Record<string, unknown>} programme={proposal.programmeId} />
          </Suspense>
        )}
        <Facts facts={facts} />
        {proposal.isBreakGlass ? (
          <p className={isUnreviewed(proposal) ? 'problem' : 'note'}>{texts.alone}</p>
        ) : (
          <div>
            <h3 className="soft">{texts.approvals}</h3>
            <ul className="plain">
              {approvals.map(({ account, at }) => (
                <li key={account}>
                  <span className="good">✓ {account}</span>{' '}
                  <span className="soft">
                    · <Time at={at} />
                  </span>
                </li>
              ))}
              {isOpen && (
                <li className="soft">
                  {texts.missing}: {awaits.map((role) => roles[role]).join(', ')}
                </li>
              )}
            </ul>
          </div>
        )}
        {note && <p className="note">{note}</p>}
      </div>
      {offered.length > 0 && (
        <div className="actions">
          {offered.map((name) => (
            <button
              key={name}
              type="button"
              {...((name === 'approve' || name === 'review') && { className: 'main' })}
              onClick={() => setDeed(name)}
            >
              {titles[name]}
            </button>
          ))}
        </div>
      )}
      {deed && (
        <DeedDialog deed={deed} proposal={proposal} title={titles[deed]} onClose={() => setDeed(null)} />
      )}
    </Panel>
  )
}

function factsOf(input: unknown, titles: Record<string, string>, { card, moment }: Formats) {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([name, value]): [string, string][] => {
    // The effect says the points already and what is undone, and an id says nothing to a person.
    if (
      ['points', 'undo', 'id'].includes(name) ||
      value === null ||
      value === false ||
      typeof value === 'object'
    )
      return []
    const text = value === true ? '✓' : String(value)
    const said = name === 'card' ? card(text) : name === 'at' ? moment(value as number) : text
    return [[titles[name] ?? name, said]]
  })
}
