import { app, type BrowserWindow } from 'electron'

/** Two registers must not share one journal. A second start of one data folder ends, and is told to the first. */
export function isOnlyInstance(): boolean {
  const isOnly = app.requestSingleInstanceLock()
  if (!isOnly) app.exit(0)
  return isOnly
}

export function showOnSecondStart(window: BrowserWindow): void {
  app.on('second-instance', () => {
    if (window.isDestroyed()) return
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  })
}
