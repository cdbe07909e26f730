import { join } from 'node:path'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import { codeOf, type Files } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import { type Clock, pause } from '../time/clock.ts'

/** A name that 1C does not look for. What a crash leaves of it, the next probe takes away. */
const PROBE = 'kopilka-probe.tmp'
const EVERY_MS = MINUTE
const WHILE_CLOSED_MS = 5 * SECOND
/** An antivirus that holds a new file has let go of it by then. */
const SECOND_LOOK_MS = SECOND

interface ProbeOptions {
  folder: string
  files: Files
  clock: Clock
  log: Log
  signal: AbortSignal
  /** The code of what keeps a discount from being written there; null when nothing does. */
  onChange: (problem: string | null) => void
}

/**
 * A folder that can be read shows every amount, and still takes no discount: rights, a full disk, a share gone
 * read-only. Only writing tells, so a byte is written there and taken away, once a minute.
 */
export async function watchWriting({
  folder,
  files,
  clock,
  log,
  signal,
  onChange,
}: ProbeOptions): Promise<void> {
  const path = join(folder, PROBE)
  let known: string | null = null
  let isLeft = false

  async function probe(): Promise<string | null> {
    try {
      await files.writeDurably(path, new TextEncoder().encode('1'))
      isLeft = true
      await files.remove(path)
      isLeft = false
      return null
    } catch (error) {
      const code = codeOf(error) ?? 'UNKNOWN'
      // Whether the folder is there at all is told by whoever looks for amount.json.
      return code === 'ENOENT' || code === 'ENOTDIR' ? null : code
    }
  }

  while (!signal.aborted) {
    let problem = await probe()
    if (problem !== null && known === null) {
      await pause(clock, SECOND_LOOK_MS, signal)
      if (!signal.aborted) problem = await probe()
    }
    if (signal.aborted) break
    if (problem !== known) {
      if (problem === null) log.info({ folder }, 'the exchange folder can be written again')
      else
        log.error({ folder, code: problem }, 'the exchange folder cannot be written: no discount gets to 1C')
      onChange(problem)
    }
    known = problem
    await pause(clock, problem === null ? EVERY_MS : WHILE_CLOSED_MS, signal)
  }
  if (isLeft) await files.remove(path).catch(() => {})
}
