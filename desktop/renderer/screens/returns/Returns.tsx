import { useRef, useState } from 'react'
import type { FoundPurchase, FoundPurchases } from '../../../../shared/bridge.ts'
import { expectHabitualEnter, useKeys } from '../../keyboard.ts'
import { useScreen, useTexts } from '../../screen.ts'
import { FoundList } from './FoundList.tsx'
import { ReturnOf } from './ReturnOf.tsx'
import { Search, type Wanted } from './Search.tsx'
import '../panel.css'
import './returns.css'

/** Goods come back: the purchase is found, and what its return does is said before it is done. */
export function Returns() {
  const screen = useScreen()
  const texts = useTexts()
  const [isSearching, setSearching] = useState(false)
  const [found, setFound] = useState<FoundPurchases | null>(null)
  const [chosen, setChosen] = useState<FoundPurchase | null>(null)
  const latest = useRef<Wanted | null>(null)
  const close = () => screen.show('none')

  async function find(wanted: Wanted): Promise<void> {
    latest.current = wanted
    setSearching(true)
    setFound(null)
    const reply = await screen.look((api) => api.findPurchases(wanted))
    if (latest.current !== wanted) return
    setSearching(false)
    if (!reply?.ok) return
    setFound(reply.value)
    // The one purchase of a receipt is what was meant.
    const [only, ...others] = reply.value.purchases
    if (!wanted.receipt || !only?.whole || others.length > 0) return
    expectHabitualEnter()
    setChosen(only)
  }
  useKeys({ escape: close })

  return (
    <div className="panel">
      <div className="panel-head">
        <h1>{texts.returns.title}</h1>
        <p className="panel-state" />
        <button type="button" className="button" onClick={close}>
          {texts.common.close}
          {!chosen && <kbd>Esc</kbd>}
        </button>
      </div>
      <div className="panel-body returns">
        {chosen ? (
          <ReturnOf purchase={chosen} isQueued={found?.of === 'register'} onBack={() => setChosen(null)} />
        ) : (
          <>
            <Search onFind={find} onClose={close} isSearching={isSearching} />
            <FoundList found={found} isSearching={isSearching} onChoose={setChosen} />
          </>
        )}
      </div>
    </div>
  )
}
