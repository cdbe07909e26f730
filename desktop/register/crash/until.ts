import { type Clock, pause, systemClock } from '../time/clock.ts'

/** Longer than anything here takes on a loaded machine. */
const PATIENCE_MS = 60_000

export async function until(
  isSo: () => boolean | Promise<boolean>,
  what: string,
  { clock = systemClock, everyMs = 10 }: { clock?: Clock; everyMs?: number } = {},
): Promise<void> {
  const start = clock.elapsed()
  while (!(await isSo())) {
    if (clock.elapsed() - start > PATIENCE_MS) throw new Error(`it never comes true that ${what}`)
    await pause(clock, everyMs)
  }
}
