import { useState } from 'react'
import type { Campaign } from '../../../../shared/campaigns/campaign.ts'
import { cardSchema } from '../../../../shared/card.ts'
import { useFormats } from '../format.ts'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { usePlace } from '../kit/place.ts'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { MessageAsRead } from './MessageAsRead.tsx'
import { messageWords } from './messageWords.ts'

/** What its people read, and the way to read it oneself before them. */
export function MessageCard({ campaign }: { campaign: Campaign }) {
  const texts = useWords(messageWords)
  const may = useMay()
  const [isAsked, setIsAsked] = useState(false)
  const { name, message, gift, until, audience, holdout_percent } = campaign
  if (!message) return null
  return (
    <section className="card stack" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <MessageAsRead
        {...{ message, gift, until, segment: audience, holdout: holdout_percent, campaign: name }}
      />
      {may('campaign test') && (
        <div className="actions">
          <button type="button" onClick={() => setIsAsked(true)}>
            {texts.test}
          </button>
        </div>
      )}
      {isAsked && <Test name={name} onClose={() => setIsAsked(false)} />}
    </section>
  )
}

function Test({ name, onClose }: { name: string; onClose: () => void }) {
  const texts = useWords(messageWords)
  const formats = useFormats()
  const { programme } = usePlace()
  const [typed, setTyped] = useState('')
  const card = cardSchema.safeParse(typed.replaceAll(/\s/g, '')).data
  return (
    <ActDialog
      act="campaign.test"
      title={texts.testTitle}
      submit={texts.send}
      input={card === undefined ? null : { campaign: name, card, ...(programme && { programme }) }}
      told={({ card }) => <p>{texts.sent(formats.card(card))}</p>}
      onClose={onClose}
    >
      <p>{texts.testText}</p>
      <Field
        title={texts.card}
        hint={texts.cardHint}
        fault={/[^\d\s]/.test(typed) ? texts.cardFault : null}
        value={typed}
        onChange={setTyped}
        kind="number"
        longest={20}
        isRequired
      />
    </ActDialog>
  )
}
