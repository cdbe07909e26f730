import { useEffect } from 'react'
import { useKeys } from '../keyboard.ts'
import { useScreen, useSnapshot, useTexts } from '../screen.ts'
import { JoinedNotes } from '../ui/JoinedNotes.tsx'
import { QrCode } from '../ui/QrCode.tsx'
import './panel.css'
import './join.css'

/** The code by which a customer joins at this till, where no display of theirs shows it. */
export function Join() {
  const screen = useScreen()
  const { join: texts, common } = useTexts()
  const joinUrl = useSnapshot((snapshot) => snapshot.joinUrl)
  const isHeard = useSnapshot(({ cloud }) => cloud.line === 'online')
  const close = () => screen.show('none')
  useKeys({ escape: close })
  useEffect(() => {
    void screen.peek((api) => api.expectJoin({}))
  }, [screen])
  return (
    <div className="panel">
      <div className="panel-head">
        <h1>{texts.title}</h1>
        <p className="panel-state" />
        <button type="button" className="button" onClick={close}>
          {common.close}
          <kbd>Esc</kbd>
        </button>
      </div>
      <div className="panel-body join-panel">
        <JoinedNotes />
        {joinUrl && <QrCode text={joinUrl} label={texts.code} />}
        <p>{texts.how}</p>
        <p className="soft">{isHeard ? texts.next : texts.offline}</p>
      </div>
    </div>
  )
}
