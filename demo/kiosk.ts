import { join } from 'node:path'
import { serveInBrowser } from '../desktop/browser/serve.ts'
import { buildWhereStale } from '../desktop/built.ts'
import { openInElectron } from '../desktop/electronShell.ts'
import type { RegisterSettings } from '../desktop/register/commandLine/options.ts'
import type { Log } from '../desktop/register/machine/log.ts'
import { startRegister } from '../desktop/register/start.ts'
import { createDisplay } from '../desktop/screen/display/display.ts'

export interface DemoKiosk {
  /** To be opened by a person; in Electron there is nothing to open. */
  url: string | null
  /** What the customer sees, where it can be opened. */
  displayUrl: string | null
  /** Resolves when the person closes its window. */
  closed: Promise<void>
  close(): Promise<void>
}

/** A register with its screen: in a window of Electron, beside the 1C of the demo, or in a browser. */
export async function openKiosk(settings: RegisterSettings, log: Log): Promise<DemoKiosk> {
  const say = (line: string) => console.error(line)
  const electron = await openInElectron({ settings, window: 'normal', say })
  if (electron) return { url: null, displayUrl: null, ...electron }
  say('Showing the kiosk in a browser instead.')
  await buildWhereStale(say)
  const built = (part: string) => join(import.meta.dirname, '../dist', part)
  const display = createDisplay({ dataFolder: settings.data, folder: built('display'), log })
  const register = await startRegister(settings, log, { display })
  const { url, close } = await serveInBrowser({ register, port: 0, folder: built('renderer'), log })
  await display.begin(register)
  return {
    url,
    displayUrl: display.monitorUrl(),
    closed: new Promise(() => {}),
    async close() {
      await display.close()
      await close()
      await register.stop()
    },
  }
}
