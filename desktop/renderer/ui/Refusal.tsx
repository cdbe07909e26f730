import { useEffect } from 'react'
import { sentencesOfRefusal } from '../failure.ts'
import { useScreen, useScreenState, useTexts } from '../screen.ts'
import { Icon } from './Icon.tsx'
import './refusal.css'

const SHOWN_MS = 8000

/** A command that did nothing says so, over whatever is shown, and goes away by itself. */
export function Refusal() {
  const screen = useScreen()
  const texts = useTexts()
  const refusal = useScreenState((state) => state.refusal)
  const isSale = useScreenState(({ panel, snapshot }) => panel !== 'settings' && snapshot.store !== null)
  useEffect(() => {
    if (!refusal) return
    const timer = setTimeout(screen.forgetRefusal, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [refusal, screen])
  const sentences = refusal && sentencesOfRefusal(refusal.code, texts)
  return (
    <div className="refusal-place" role="alert">
      {sentences && (
        <div className="refusal" key={refusal.number}>
          <Icon name="notice" />
          <p>
            <b>{sentences.what}</b> {isSale && sentences.points} {sentences.next}
          </p>
          <button type="button" className="button quiet square" onClick={screen.forgetRefusal}>
            <Icon name="close" />
            <span className="unseen">{texts.common.close}</span>
          </button>
        </div>
      )}
    </div>
  )
}
