import { app } from 'electron'
import type { Log } from '../register/machine/log.ts'
import { type Clock, pause } from '../register/time/clock.ts'

const STOP_WITHIN_MS = 5000

/** Ends this program by calling `last` when the register has stopped; false means that it must start again. */
export type QuitTo = (last: () => Promise<boolean>) => Promise<void>

/** Lets the register end its work once; one that cannot is left, as it would be at a power cut. */
export function stopBeforeQuit(
  stop: () => Promise<void>,
  { clock, log }: { clock: Clock; log: Log },
): { quitTo: QuitTo } {
  let isStopping = false

  async function quitTo(last: () => Promise<boolean>): Promise<void> {
    if (isStopping) return
    isStopping = true
    log.info('stopping')
    const stopped = stop().catch((error) => log.error({ err: error }, 'the register did not stop well'))
    await Promise.race([stopped, pause(clock, STOP_WITHIN_MS)])
    const isDone = await last().catch((error) => {
      log.error({ err: error }, 'what was to come after the end failed')
      return false
    })
    if (!isDone) app.relaunch()
    app.exit(0)
  }

  app.on('before-quit', (event) => {
    event.preventDefault()
    void quitTo(async () => true)
  })
  return { quitTo }
}
