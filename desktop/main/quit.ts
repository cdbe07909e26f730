import { app } from 'electron'
import { type Clock, pause } from '../register/clock.ts'
import type { Log } from '../register/log.ts'

const STOP_WITHIN_MS = 5000

/** Lets the register end its work once; one that cannot is left, as it would be at a power cut. */
export function stopBeforeQuit(stop: () => Promise<void>, { clock, log }: { clock: Clock; log: Log }): void {
  let isStopping = false

  async function end(): Promise<void> {
    log.info('stopping')
    const stopped = stop().catch((error) => log.error({ err: error }, 'the register did not stop well'))
    await Promise.race([stopped, pause(clock, STOP_WITHIN_MS)])
    app.exit(0)
  }

  app.on('before-quit', (event) => {
    event.preventDefault()
    if (isStopping) return
    isStopping = true
    void end()
  })
}
