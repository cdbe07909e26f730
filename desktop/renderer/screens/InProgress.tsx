import type { CSSProperties } from 'react'
import type { Processing } from '../../../shared/bridge.ts'
import { SECOND } from '../../../shared/time.ts'
import { useKeys } from '../keyboard.ts'
import { useNow, useScreen, useTexts } from '../screen.ts'
import { hintOfProcessing, titleOfProcessing } from '../titles.ts'
import './stage.css'

/** How long 1C is given; the ring is full at the beginning of it. */
const OFFER_MS = 5 * SECOND

export function InProgress({ act }: { act: Processing }) {
  const screen = useScreen()
  const texts = useTexts()
  const canCancel = act.kind === 'redeem' && act.stage !== 'withdrawing'
  const cancel = () => canCancel && screen.ask((api) => api.cancel({}))
  useKeys({ escape: cancel })
  return (
    <div className="stage">
      {act.deadlineAt === null ? <div className="ring turning" /> : <Countdown deadlineAt={act.deadlineAt} />}
      <h1>{titleOfProcessing(act, texts)}</h1>
      <p className="stage-hint num">{hintOfProcessing(act, texts)}</p>
      <div className="buttons">
        <button
          type="button"
          className="button tall"
          style={{ visibility: canCancel ? 'visible' : 'hidden' }}
          onClick={cancel}
        >
          {texts.common.cancel}
          <kbd>Esc</kbd>
        </button>
      </div>
    </div>
  )
}

function Countdown({ deadlineAt }: { deadlineAt: number }) {
  const texts = useTexts()
  const leftMs = Math.max(0, deadlineAt - useNow(100))
  const seconds = Math.ceil(leftMs / SECOND)
  const part = Math.min(1, leftMs / OFFER_MS)
  return (
    <div
      className="ring"
      role="timer"
      aria-label={texts.processing.secondsLeft(seconds)}
      style={{ '--part': part } as CSSProperties}
    >
      <span className="num" aria-hidden="true">
        {seconds}
      </span>
    </div>
  )
}
