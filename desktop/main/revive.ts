import type { WebContents } from 'electron'
import type { Log } from '../register/machine/log.ts'
import type { Clock } from '../register/time/clock.ts'
import { supportUrl } from './supportPage.ts'

const RELOADS = 3
const WITHIN_MS = 60_000
/** The page's process must be gone for good before the next one starts. */
const BREATH_MS = 500

/**
 * Loads the screen again when its process died or hangs. The fourth time within a minute shows the support
 * page, and a fifth shows nothing more: a machine that is busy dying could not run the register either.
 */
export function reviveScreen(contents: WebContents, { clock, log }: { clock: Clock; log: Log }): void {
  let deaths: number[] = []

  function next(): void {
    if (contents.isDestroyed()) return
    if (deaths.length <= RELOADS) contents.reload()
    else if (deaths.length === RELOADS + 1) void contents.loadURL(supportUrl('screen'))
  }

  contents.on('unresponsive', () => {
    log.error('the screen hangs')
    contents.forcefullyCrashRenderer()
  })
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    const now = clock.elapsed()
    deaths = [...deaths.filter((death) => now - death < WITHIN_MS), now]
    log.error({ reason, exitCode, deaths: deaths.length }, 'the screen died')
    clock.after(BREATH_MS, next)
  })
}
