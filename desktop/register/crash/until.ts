import { pause, systemClock } from '../time/clock.ts'

const LOOK_MS = 10
/** Longer than anything here takes on a loaded machine. */
const PATIENCE_MS = 60_000

export async function until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const start = performance.now()
  while (!(await isSo())) {
    if (performance.now() - start > PATIENCE_MS) throw new Error(`it never comes true that ${what}`)
    await pause(systemClock, LOOK_MS)
  }
}
