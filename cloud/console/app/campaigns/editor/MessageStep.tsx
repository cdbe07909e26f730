import { useId } from 'react'
import { campaignMessageSchema } from '../../../../../shared/campaigns/message.ts'
import { CheckField } from '../../kit/Field.tsx'
import type { Fault, Written } from '../../rules/rule/draft.ts'
import { ruleFormWords } from '../../rules/rule/words.ts'
import { useWords } from '../../words.ts'
import { MessageAsRead } from '../MessageAsRead.tsx'
import type { Draft } from './draft.ts'
import { editorWords } from './words.ts'

interface Wanted {
  draft: Draft
  /** Under which it was saved. */
  campaign: string | undefined
  faultAt: (path: string) => Fault | undefined
  onChange: (message: Written | undefined) => void
}

/** What people read in Telegram, and as they will. */
export function MessageStep({ draft, campaign, faultAt, onChange }: Wanted) {
  const texts = useWords(editorWords)
  const ofForm = useWords(ruleFormWords)
  const id = useId()
  const { audience, gift, message, until, holdout_percent: holdout } = draft
  const read = campaignMessageSchema.safeParse(message).data
  const points = typeof gift?.points === 'number' ? gift.points : 0
  const percent = typeof holdout === 'number' && holdout >= 0 && holdout <= 90 ? holdout : 0
  const inText = faultAt('message.text')
  const fault = inText
    ? inText.kind === 'wrong'
      ? texts.messagePlaces
      : ofForm.fault(inText, 1)
    : faultAt('message')
      ? texts.messageLacks
      : null
  return (
    <>
      <CheckField
        title={texts.withMessage}
        value={message !== undefined}
        onChange={(isOn) => onChange(isOn ? {} : undefined)}
      />
      {message && (
        <div className="field">
          <label htmlFor={id}>{texts.message}</label>
          <textarea
            id={id}
            rows={4}
            maxLength={1000}
            value={String(message.text ?? '')}
            aria-describedby={`${id}-about`}
            {...(fault && { 'aria-invalid': true })}
            onChange={(event) => onChange({ ...message, text: event.target.value })}
          />
          <p id={`${id}-about`} className={fault ? 'fault' : 'soft'}>
            {fault ?? texts.messageHint}
          </p>
        </div>
      )}
      {message && read && (
        <MessageAsRead
          message={read}
          gift={{ points }}
          until={typeof until === 'string' && until ? until : undefined}
          segment={audience}
          holdout={percent}
          {...(campaign && { campaign })}
        />
      )}
    </>
  )
}
