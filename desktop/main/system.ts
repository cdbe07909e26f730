import { app, powerSaveBlocker } from 'electron'

/** A customer must not wait for a dark screen. */
export function keepDisplayOn(): void {
  powerSaveBlocker.start('prevent-display-sleep')
}

/** With the same data folder: another one would be another register. */
export function startWithWindows(dataFolder: string): void {
  if (app.isPackaged) app.setLoginItemSettings({ openAtLogin: true, args: [`--data="${dataFolder}"`] })
}
