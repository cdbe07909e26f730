import { app, powerSaveBlocker } from 'electron'

/** A customer must not wait for a dark screen. */
export function keepDisplayOn(): void {
  powerSaveBlocker.start('prevent-display-sleep')
}

/**
 * With the same data folder: another one would be another register. By this name the uninstaller finds it again
 * (build/package/installer.nsh).
 */
export function startWithWindows(dataFolder: string): void {
  if (app.isPackaged)
    app.setLoginItemSettings({ openAtLogin: true, name: 'Kopilka', args: [`--data="${dataFolder}"`] })
}
