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
  // What was opened stays what it is, whatever others do meanwhile.
  const [asked, setAsked] = useState<'freeze' | 'unfreeze' | null>(null)
  const [reason, setReason] = useState('')
  const isFrozen = since !== null
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
            setAsked(isFrozen ? 'unfreeze' : 'freeze')
          }}
        >
          {isFrozen ? texts.unfreeze : texts.freeze}
        </button>
      )}
      {asked && (
        <ActDialog
          act="programme.freeze"
          title={texts[asked]}
          submit={texts.propose}
          isDangerous={asked === 'freeze'}
          input={
            reason.trim() === ''
              ? null
              : { undo: asked === 'unfreeze', reason, ...(programme && { programme }) }
          }
          onClose={() => setAsked(null)}
        >
          <p>{asked === 'unfreeze' ? texts.unfreezeText : texts.freezeText}</p>
          <Field title={texts.reason} value={reason} onChange={setReason} longest={100} isRequired />
        </ActDialog>
      )}
    </section>
  )
}
