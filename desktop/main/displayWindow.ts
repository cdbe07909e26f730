import { app, BrowserWindow, screen } from 'electron'
import type { Log } from '../register/machine/log.ts'
import type { Clock } from '../register/time/clock.ts'
import type { CustomerDisplay } from '../screen/display/display.ts'
import { stayAtHome } from './navigation.ts'
import { reviveScreen } from './revive.ts'

/**
 * A window before the customer, while there is a second monitor and the settings say so: it looks at the till as a
 * tablet would, has no way into it, and never takes the focus. It ends with the window of the cashier.
 */
export function showToCustomer(
  display: Pick<CustomerDisplay, 'monitorUrl' | 'subscribe'>,
  { cashier, clock, log }: { cashier: BrowserWindow; clock: Clock; log: Log },
): void {
  let shown: { window: BrowserWindow; url: string } | null = null

  function place(): void {
    const first = screen.getPrimaryDisplay().id
    const second = screen.getAllDisplays().find(({ id }) => id !== first)
    const url = cashier.isDestroyed() ? null : display.monitorUrl()
    if (shown && (shown.window.isDestroyed() || !second || shown.url !== url)) {
      if (!shown.window.isDestroyed()) shown.window.destroy()
      shown = null
    }
    if (second && url && !shown) shown = { window: open(second.bounds, url), url }
  }

  function open(bounds: Electron.Rectangle, url: string): BrowserWindow {
    const window = new BrowserWindow({
      title: 'Копилка',
      ...bounds,
      kiosk: true,
      fullscreen: true,
      focusable: false,
      autoHideMenuBar: true,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        devTools: !app.isPackaged,
      },
    })
    stayAtHome(window.webContents, (asked) => asked === url)
    reviveScreen(window.webContents, { clock, log })
    void window.loadURL(url).catch((error) => log.error({ err: error }, 'the customer sees nothing'))
    return window
  }

  screen.on('display-added', place)
  screen.on('display-removed', place)
  cashier.on('closed', place)
  display.subscribe(place)
  place()
}
