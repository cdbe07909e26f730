import { useState } from 'react'
import { useKeys } from '../keyboard.ts'
import { useNow, useTexts } from '../screen.ts'
import './restarting.css'

const LONG_MS = 20_000

/** Over the last state, quietly: the register behind the screen comes back by itself. */
export function Restarting() {
  const { start } = useTexts()
  const [since] = useState(Date.now)
  const isLong = useNow(1000) - since > LONG_MS
  // Nothing is answered now, so no key goes anywhere.
  useKeys({ scan: () => {} })
  return (
    <div className="restarting" role="alert">
      <span className="spinner" />
      <p className="restarting-title">{start.restarting}</p>
      <p>{isLong ? start.restartingLong : start.restartingHint}</p>
    </div>
  )
}
