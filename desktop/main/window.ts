import { join } from 'node:path'
import { app, BrowserWindow, Menu } from 'electron'

const NARROWEST = 1260

/** The one window. In a packaged app it has no menu, because a menu's shortcuts reload and open tools. */
export function openWindow(kind: 'kiosk' | 'normal'): BrowserWindow {
  const isKiosk = kind === 'kiosk'
  if (app.isPackaged) Menu.setApplicationMenu(null)
  return new BrowserWindow({
    title: 'Копилка',
    width: NARROWEST,
    height: 900,
    // A screen that is narrower keeps what is at its right edge only if the window may be as narrow.
    ...(isKiosk ? { kiosk: true, fullscreen: true } : { minWidth: NARROWEST }),
    autoHideMenuBar: true,
    backgroundColor: '#ffffff',
    webPreferences: {
      preload: join(app.getAppPath(), 'dist/preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      devTools: !app.isPackaged,
      // The tunes tell the cashier what happened before anything was touched.
      autoplayPolicy: 'no-user-gesture-required',
      // It would download a dictionary.
      spellcheck: false,
    },
  })
}
