import '../../shared/styles/base.css'
import './styles/fonts.css'
import './styles/base.css'
import './styles/controls.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { openCloudApi } from './cloudApi.ts'
import { createPortal, PortalContext } from './portal.ts'
import { route } from './route.ts'
import { createBridge } from './telegram/bridge.ts'
import { followTelegram } from './telegram/follow.ts'
import { readLaunch } from './telegram/launch.ts'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no place for the screen.')

const launch = readLaunch(location.hash, openStorage())
// What was signed does not stay in the address.
if (location.hash) history.replaceState(history.state, '', location.pathname)
const bridge = createBridge(window, launch.version)
followTelegram({ bridge, launch, onBack: route.back })
const portal = createPortal({ line: openCloudApi(launch), bridge, launch })

createRoot(place).render(
  <PortalContext value={portal}>
    <App />
  </PortalContext>,
)
void portal.load()
bridge.say('web_app_ready')

/** A web client may forbid its frames to keep anything; then a reload begins anew. */
function openStorage(): Storage | null {
  try {
    return sessionStorage
  } catch {
    return null
  }
}
