import { app } from 'electron'
import type { Log } from '../register/machine/log.ts'

export function logChromiumFaults(log: Log): void {
  app.on('child-process-gone', (_event, details) => log.warn(details, 'a process of Chromium ended'))
}
