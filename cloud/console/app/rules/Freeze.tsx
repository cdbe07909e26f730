import { useState } from 'react'
import { ActDialog } from '../kit/ActDialog.tsx'
import { Field } from '../kit/Field.tsx'
import { Time } from '../kit/Page.tsx'
import { useMay } from '../session.ts'
import { useWords } from '../words.ts'
import { ruleWords } from './words.ts'

/** Whether the programme is run at all, and the way to stop it and to let it go on. */
export function Freeze({ since, programme }: { since: string | null; programme: string | undefined }) {
  const texts = useWords(ruleWords)
  const may = useMay()
  const [isAsked, setIsAsked] = useState(false)
  const [reason, setReason] = useState('')
  const isFrozen = since !== null
  const title = isFrozen ? texts.unfreeze : texts.freeze
  return (
    <section className={isFrozen ? 'card freeze on' : 'card freeze'} aria-label={texts.freezing}>
      {isFrozen ? (
        <p role="status">
          <b>
            {texts.frozen} <Time at={since} />.
          </b>{' '}
          {texts.frozenText}
        </p>
      ) : (
        <p className="soft">{texts.runs}</p>
      )}
      {may('programme freeze') && (
        <button
          type="button"
          {...(isFrozen && { className: 'main' })}
          onClick={() => {
            setReason('')
            setIsAsked(true)
          }}
        >
          {title}
        </button>
      )}
      {isAsked && (
        <ActDialog
          act="programme.freeze"
          title={title}
          submit={texts.propose}
          isDangerous={!isFrozen}
          input={reason.trim() === '' ? null : { undo: isFrozen, reason, ...(programme && { programme }) }}
          onClose={() => setIsAsked(false)}
        >
          <p>{isFrozen ? texts.unfreezeText : texts.freezeText}</p>
          <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
        </ActDialog>
      )}
    </section>
  )
}
