import '@fontsource-variable/golos-text'
import '../../shared/styles/base.css'
import '../../shared/styles/colours.css'
import '../renderer/styles/colours.css'
import './display.css'
import { createRoot } from 'react-dom/client'
import { applyAppearance } from '../renderer/appearance.ts'
import { Shown } from './Shown.tsx'
import { watchTill } from './till.ts'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no place for the display.')
const root = createRoot(place)
const isDark = window.matchMedia('(prefers-color-scheme: dark)')
const isStill = window.matchMedia('(prefers-reduced-motion: reduce)')

// The link has the token behind its #: that part goes to no server and into no log.
const token = window.location.hash.slice(1)
watchTill({
  open({ hear, lost }) {
    const events = new EventSource(`/events?${new URLSearchParams({ token })}`)
    events.onmessage = ({ data }: MessageEvent<string>) => hear(data)
    events.onerror = lost
    return () => events.close()
  },
  show(display) {
    applyAppearance(document, display.look, { isDark: isDark.matches, isStill: isStill.matches })
    root.render(<Shown display={display} />)
  },
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
  reload: () => window.location.reload(),
})
