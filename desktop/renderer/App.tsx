import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { applyAppearance } from './appearance.ts'
import { useKeys } from './keyboard.ts'
import { Camera } from './scan/Camera.tsx'
import { useScreen, useScreenState, useSnapshot } from './screen.ts'
import { Failed } from './screens/Failed.tsx'
import { FirstRun } from './screens/FirstRun.tsx'
import { Frozen } from './screens/Frozen.tsx'
import { Idle } from './screens/Idle.tsx'
import { InProgress } from './screens/InProgress.tsx'
import { Join } from './screens/Join.tsx'
import { Queue } from './screens/Queue.tsx'
import { Restarting } from './screens/Restarting.tsx'
import { Returns } from './screens/returns/Returns.tsx'
import { Served } from './screens/Served.tsx'
import { Succeeded } from './screens/Success.tsx'
import { Settings } from './screens/settings/Settings.tsx'
import { isHeard, playFor } from './sounds.ts'
import { Announcer } from './ui/Announcer.tsx'
import { Header } from './ui/Header.tsx'
import { Refusal } from './ui/Refusal.tsx'
import { Strip } from './ui/Strip.tsx'

export function App() {
  const screen = useScreen()
  const isUp = useScreenState((state) => state.isUp)
  const isEnrolled = useSnapshot(({ cloud }) => cloud.line !== 'not_enrolled')
  useKeys({ scan: screen.findCustomer })
  useAppearance()
  useSounds()
  useResultInFront()
  return (
    <div className="kiosk">
      <Strip />
      <Header />
      <main className="ground">
        {isEnrolled && <Camera />}
        <Shown />
      </main>
      <Announcer />
      <Refusal />
      {!isUp && <Restarting />}
    </div>
  )
}

/** What fills the screen; a panel that was opened lies in front of the sale. */
function Shown() {
  const panel = useScreenState((state) => state.panel)
  const { act, customer, sale, offer, cloud } = useSnapshot((snapshot) => snapshot)
  if (panel === 'settings') return <Settings />
  if (panel === 'queue') return <Queue />
  if (cloud.line === 'not_enrolled') return <FirstRun />
  if (panel === 'returns') return <Returns />
  if (panel === 'join') return <Join />
  switch (act?.type) {
    case 'processing':
      return <InProgress act={act} />
    case 'success':
      return <Succeeded key={act.operationId} act={act} />
    case 'error':
      return <Failed act={act} />
  }
  if (!customer) return <Idle />
  if (customer.status === 'frozen') return <Frozen key={customer.card} customer={customer} />
  // Another customer begins with nothing of this one's: no typed sum, no chosen points.
  return <Served key={customer.card} customer={customer} sale={sale} offer={offer} />
}

function useAppearance(): void {
  const preferences = useSnapshot((snapshot) => snapshot.preferences)
  const isDark = useMedia('(prefers-color-scheme: dark)')
  const isStill = useMedia('(prefers-reduced-motion: reduce)')
  useEffect(() => applyAppearance(document, preferences, { isDark, isStill }), [preferences, isDark, isStill])
}

function useMedia(query: string): boolean {
  const [media] = useState(() => window.matchMedia(query))
  const watch = useCallback(
    (listener: () => void) => {
      media.addEventListener('change', listener)
      return () => media.removeEventListener('change', listener)
    },
    [media],
  )
  return useSyncExternalStore(watch, () => media.matches)
}

function useSounds(): void {
  const phase = useSnapshot((snapshot) => snapshot.phase)
  const hasSound = useSnapshot(({ preferences }) => preferences.hasSound)
  const before = useRef(phase)
  useEffect(() => {
    if (hasSound && isHeard(before.current, phase)) playFor(phase)
    before.current = phase
  }, [phase, hasSound])
}

/** Whatever was opened meanwhile, how an operation ends is seen. */
function useResultInFront(): void {
  const screen = useScreen()
  const act = useSnapshot((snapshot) => snapshot.act?.type ?? null)
  useEffect(() => {
    if (act) screen.show('none')
  }, [act, screen])
}
