import { useEffect, useState } from 'react'
import { usePortal, usePortalState, useTexts } from './portal.ts'
import { route, usePlace } from './route.ts'
import { Customer } from './screens/Customer.tsx'
import { Erased } from './screens/Erased.tsx'
import { Loading } from './screens/Loading.tsx'
import { ProblemScreen } from './screens/ProblemScreen.tsx'
import { Welcome } from './screens/Welcome.tsx'

export function App() {
  const view = usePortalState(({ view }) => view)
  const texts = useTexts()
  useBackButton()
  useFreshness()
  useEffect(() => {
    document.documentElement.lang = texts.locale.slice(0, 2)
    document.title = texts.card.title
  }, [texts])

  switch (view.kind) {
    case 'loading':
      return <Loading />
    case 'stranger':
      return (
        <Welcome chainName={view.chainName} operator={view.operator} asksAdvertising={view.asksAdvertising} />
      )
    case 'customer':
      return <Customer me={view.me} asOf={view.asOf} />
    case 'erased':
      return <Erased />
    case 'problem':
      return <ProblemScreen code={view.code} />
  }
}

/** Telegram shows its back button where there is something to go back to. */
function useBackButton() {
  const { bridge } = usePortal()
  const kind = usePortalState(({ view }) => view.kind)
  const { tab, cover } = usePlace()
  const isShown = kind === 'customer' && (tab !== 'card' || cover !== 'none')
  useEffect(() => bridge.say('web_app_setup_back_button', { is_visible: isShown }), [bridge, isShown])
  useEffect(() => {
    // The next card must not begin where the last one was erased.
    if ((kind === 'erased' || kind === 'stranger') && route.place().depth > 0) route.restart()
  }, [kind])
}

/** On the return to the app it shows what is true now. */
function useFreshness() {
  const portal = usePortal()
  const wasHidden = useState(() => ({ is: false }))[0]
  useEffect(() => {
    const onChange = () => {
      if (document.visibilityState === 'hidden') wasHidden.is = true
      else if (wasHidden.is) void portal.load()
    }
    const onOnline = () => void portal.load()
    document.addEventListener('visibilitychange', onChange)
    addEventListener('online', onOnline)
    return () => {
      document.removeEventListener('visibilitychange', onChange)
      removeEventListener('online', onOnline)
    }
  }, [portal, wasHidden])
}
