import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import type { Referral } from '../../../../shared/console/referrals.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Facts, Panel, Time } from '../kit/Page.tsx'
import { kitWords } from '../kit/words.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { referralWords } from './words.ts'

type Deed = 'release' | 'reject'

/** What is known of one invitation, and what a person may do about it. */
export function ReferralPanel({ referral, onClose }: { referral: Referral; onClose: () => void }) {
  const texts = useWords(referralWords)
  const { close } = useWords(kitWords)
  const formats = useFormats()
  const may = useMay()
  const [deed, setDeed] = useState<Deed | null>(null)
  const { referee, referrer, state, reason, note, purchase, dueAt, referrerPoints, refereePoints } = referral
  const customer = ({ id, card }: Referral['referee']) => (
    <Link key={id} to="/customers/$id" params={{ id: String(id) }}>
      {formats.card(card)}
    </Link>
  )
  const facts: [string, ReactNode][] = [
    [texts.friend, customer(referee)],
    [texts.by, customer(referrer)],
    [texts.invitedAt, <Time key="i" at={referral.invitedAt} />],
    [texts.stateTitle, texts.state[state]],
    [texts.purchase, purchase ? <Time key="p" at={purchase.at} /> : texts.noPurchase],
  ]
  if (reason) facts.push([texts.reason, [texts.reasons[reason], note].filter(Boolean).join(': ')])
  if (purchase)
    facts.push([texts.where, [purchase.store?.name, purchase.register?.name].filter(Boolean).join(' · ')])
  if (dueAt && purchase) facts.push([texts.due, <Time key="d" at={dueAt} />])
  if (referrerPoints + refereePoints > 0)
    facts.push([texts.points, `${formats.points(referrerPoints)}, ${formats.points(refereePoints)}`])
  if (referral.decidedBy) facts.push([texts.decided, referral.decidedBy])
  const canRelease =
    (state === 'flagged' || state === 'rejected') && referee.id !== referrer.id && may('referral release')
  const canReject = state !== 'rejected' && state !== 'taken_back' && may('referral reject')
  return (
    <Panel title={texts.one(formats.card(referee.card))} close={close} onClose={onClose}>
      {state === 'flagged' && <p>{texts.flaggedText}</p>}
      {referral.isReleased && <p>{texts.released}</p>}
      <Facts facts={facts} />
      {(canRelease || canReject) && (
        <div className="actions">
          {canRelease && (
            <button type="button" className="main" onClick={() => setDeed('release')}>
              {texts.release}
            </button>
          )}
          {canReject && (
            <button type="button" onClick={() => setDeed('reject')}>
              {state === 'rewarded' ? texts.takeBack : texts.reject}
            </button>
          )}
        </div>
      )}
      {deed && <Decide referral={referral} deed={deed} onClose={() => setDeed(null)} />}
    </Panel>
  )
}

function Decide({ referral, deed, onClose }: { referral: Referral; deed: Deed; onClose: () => void }) {
  const texts = useWords(referralWords)
  const [reason, setReason] = useState('')
  const isTaken = referral.state === 'rewarded'
  const [title, text] =
    deed === 'release'
      ? [texts.release, texts.releaseText]
      : isTaken
        ? [texts.takeBack, texts.takeBackText]
        : [texts.reject, texts.rejectText]
  const { card } = referral.referee
  return (
    <ActDialog
      act={deed === 'release' ? 'referral.release' : 'referral.reject'}
      title={title}
      submit={title}
      input={reason.trim() ? { card, reason } : null}
      isDangerous={deed === 'reject'}
      onClose={onClose}
    >
      <p>{text}</p>
      <Field title={texts.why} value={reason} onChange={setReason} longest={100} isRequired />
    </ActDialog>
  )
}
