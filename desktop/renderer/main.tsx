import '@fontsource-variable/golos-text'
import '../../shared/styles/base.css'
import '../../shared/styles/colours.css'
import './styles/colours.css'
import './styles/base.css'
import './styles/controls.css'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { findRegister } from './bridge.ts'
import { listenToKeys } from './keyboard.ts'
import { Starting } from './Starting.tsx'
import { createScreen, ScreenContext } from './screen.ts'
import { leaveFocusAlone } from './touch.ts'
// After the screens, whose styles it changes.
import './styles/companion.css'

const place = document.getElementById('root')
if (!place) throw new Error('index.html has no place for the screen.')
const root = createRoot(place)

root.render(<Starting />)
listenToKeys(window)
leaveFocusAlone(document)
const screen = createScreen(await findRegister())
root.render(
  <ScreenContext value={screen}>
    <App />
  </ScreenContext>,
)
