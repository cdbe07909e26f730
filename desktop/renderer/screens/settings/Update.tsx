import { useState } from 'react'
import type { UpdateState } from '../../../../shared/update.ts'
import { useScreen, useSnapshot, useTexts } from '../../screen.ts'
import { updateSentence } from '../../update.ts'

/** Which version is on its way, and "now" for who does not want to wait for the night. */
export function Update({ pin }: { pin: string | undefined }) {
  const update = useSnapshot((snapshot) => snapshot.update)
  return update && <UpdateOf update={update} pin={pin} />
}

function UpdateOf({ update, pin }: { update: UpdateState; pin: string | undefined }) {
  const screen = useScreen()
  const texts = useTexts()
  const [isAsked, setAsked] = useState(false)
  async function ask(): Promise<void> {
    const reply = await screen.ask((api) => api.installUpdate(pin ? { pin } : {}))
    setAsked(reply?.ok === true)
  }
  const isUnderWay = ['checking', 'downloading', 'installing'].includes(update.state)
  return (
    <>
      <dl className="facts num">
        <div>
          <dt>{texts.update.state}</dt>
          <dd aria-live="polite">{updateSentence(update, texts)}</dd>
        </div>
      </dl>
      <div className="buttons">
        <button type="button" className="button" disabled={isUnderWay} onClick={ask}>
          {texts.update.now}
        </button>
      </div>
      <p className="result good" aria-live="polite">
        {isAsked && update.state !== 'none' && update.state !== 'failed' ? texts.update.asked : ''}
      </p>
    </>
  )
}
