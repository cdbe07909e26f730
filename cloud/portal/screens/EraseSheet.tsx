import { useState } from 'react'
import { allPoints } from '../../../shared/allPoints.ts'
import type { HeardMe } from '../../../shared/me.ts'
import { usePortal, usePortalState, useTexts } from '../portal.ts'
import { route } from '../route.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Icon } from '../ui/Icon.tsx'
import './sheet.css'

/** Asked once, with what it costs; there is no way back. */
export function EraseSheet({ me }: { me: HeardMe }) {
  const portal = usePortal()
  const texts = useTexts()
  const trouble = usePortalState(({ trouble }) => trouble)
  const [isErasing, setErasing] = useState(false)

  async function erase() {
    setErasing(true)
    await portal.erase()
    setErasing(false)
  }

  return (
    <Dialog className="sheet" label={texts.erase.title}>
      <h2>{texts.erase.title}</h2>
      <p>{texts.erase.lost(allPoints(me))}</p>
      {me.debt > 0 && <p>{texts.erase.debt(me.debt)}</p>}
      <p>{texts.erase.atOnce}</p>
      <p>{texts.erase.later}</p>
      <p>{texts.erase.stays}</p>
      {trouble && (
        <p className="note warn" role="alert">
          <Icon name="away" />
          {texts.problems[trouble].title}. {texts.problems[trouble].next}
        </p>
      )}
      <button className="button danger" type="button" disabled={isErasing} onClick={() => void erase()}>
        {texts.erase.yes}
      </button>
      <button className="button" type="button" disabled={isErasing} onClick={route.back}>
        {texts.erase.no}
      </button>
    </Dialog>
  )
}
