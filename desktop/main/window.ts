import { join } from 'node:path'
import { app, BrowserWindow, Menu } from 'electron'
import { boundsOf, COMPANION_WIDTHS } from './companion.ts'
import { dockOf, type WindowKind } from './windowKind.ts'

const NARROWEST = 1260

/** The one window. In a packaged app it has no menu, because a menu's shortcuts reload and open tools. */
export function openWindow(kind: WindowKind): BrowserWindow {
  if (app.isPackaged) Menu.setApplicationMenu(null)
  return new BrowserWindow({
    title: 'Копилка',
    ...placeOf(kind),
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
      // The spell checker would download a dictionary.
      spellcheck: false,
    },
  })
}

function placeOf(kind: WindowKind): Electron.BrowserWindowConstructorOptions {
  const dock = dockOf(kind)
  if (dock !== null) {
    const size = { ...boundsOf(dock, false), ...COMPANION_WIDTHS }
    return { ...size, alwaysOnTop: true, maximizable: false, fullscreenable: false }
  }
  const size = { width: NARROWEST, height: 900 }
  // A screen that is narrower keeps what is at its right edge only if the window may be as narrow.
  return kind === 'kiosk' ? { ...size, kiosk: true, fullscreen: true } : { ...size, minWidth: NARROWEST }
}
