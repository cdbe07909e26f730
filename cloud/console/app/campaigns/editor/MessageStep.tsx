import { campaignMessageSchema } from '../../../../../shared/campaigns/message.ts'
import { CheckField, Field } from '../../kit/Field.tsx'
import type { Fault, Written } from '../../rules/rule/draft.ts'
import { useFaultText } from '../../rules/rule/useFaultText.ts'
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
  const faultText = useFaultText()
  const { audience, gift, message, until, holdout_percent: holdout } = draft
  const read = campaignMessageSchema.safeParse(message).data
  const points = typeof gift?.points === 'number' ? gift.points : 0
  const percent = typeof holdout === 'number' && holdout >= 0 && holdout <= 90 ? holdout : 0
  const inText = faultAt('message.text')
  const fault = inText
    ? inText.kind === 'wrong'
      ? texts.messagePlaces
      : faultText(inText)
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
        <Field
          title={texts.message}
          hint={texts.messageHint}
          rows={4}
          longest={1000}
          value={String(message.text ?? '')}
          fault={fault}
          onChange={(text) => onChange({ ...message, text })}
        />
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
