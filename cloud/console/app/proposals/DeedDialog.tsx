import { useState } from 'react'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { wholeOf } from '../kit/whole.ts'
import { kitWords } from '../kit/words.ts'
import { useWords } from '../words.ts'
import type { Proposal } from './Proposals.tsx'
import { useSaid } from './said.ts'
import { proposalWords } from './words.ts'

export type Deed = 'approve' | 'reject' | 'edit' | 'break' | 'review'

/** What somebody does about a proposal. */
export function DeedDialog({
  deed,
  proposal: current,
  title,
  onClose,
}: {
  deed: Deed
  proposal: Proposal
  title: string
  onClose: () => void
}) {
  const texts = useWords(proposalWords)
  // What is decided about is what was opened: an edit that is read meanwhile is another thing.
  const [proposal] = useState(current)
  const { wholeNumber } = useWords(kitWords)
  const formats = useFormats()
  const written = proposal.input as { points?: number; reason?: string }
  const [reason, setReason] = useState(deed === 'edit' ? (written.reason ?? '') : '')
  const [points, setPoints] = useState(String(written.points ?? ''))
  const common = { title, submit: title, onClose }
  const about = { proposal: proposal.id }
  const said = useSaid()(proposal)
  const effect =
    proposal.points === null
      ? said.text
      : `${formats.signed(proposal.points)} (${formats.signedRouble(proposal.kopecks ?? 0)})`
  const reasonField = (
    <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
  )
  const isSaid = reason.trim() !== ''

  switch (deed) {
    case 'approve':
      return (
        <ActDialog {...common} act="proposal.approve" input={{ ...about, hash: proposal.hash }}>
          <p>{texts.approveText(effect)}</p>
        </ActDialog>
      )
    case 'review':
      return (
        <ActDialog {...common} act="proposal.review" input={about}>
          <p>{texts.reviewText}</p>
        </ActDialog>
      )
    case 'reject':
      return (
        <ActDialog {...common} act="proposal.reject" input={isSaid ? { ...about, reason } : null} isDangerous>
          <p>{texts.rejectText}</p>
          {reasonField}
        </ActDialog>
      )
    case 'break':
      return (
        <ActDialog {...common} act="proposal.break" input={isSaid ? { ...about, reason } : null} isDangerous>
          <p>
            <b>{effect}</b>. {texts.breakText}
          </p>
          {reasonField}
        </ActDialog>
      )
    case 'edit': {
      const whole = wholeOf(points)
      const input =
        whole === null || !isSaid ? null : { ...about, input: { ...written, points: whole, reason } }
      return (
        <ActDialog {...common} act="proposal.edit" input={input}>
          <p>{texts.editText}</p>
          <Field
            title={texts.points}
            hint={texts.pointsHint}
            fault={points !== '' && whole === null ? wholeNumber : null}
            value={points}
            onChange={setPoints}
            kind="number"
            longest={10}
            isRequired
          />
          {reasonField}
        </ActDialog>
      )
    }
  }
}
