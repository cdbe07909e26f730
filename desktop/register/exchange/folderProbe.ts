import { join } from 'node:path'
import { MINUTE, SECOND } from '../../../shared/time.ts'
import { codeOf, type Files, isHeld } from '../machine/files.ts'
import type { Log } from '../machine/log.ts'
import { type Clock, pause } from '../time/clock.ts'

/** A name that 1C does not look for. What a crash leaves of it, the next probe takes away. */
const PROBE = 'kopilka-probe.tmp'
const EVERY_MS = MINUTE
const WHILE_CLOSED_MS = 5 * SECOND
/** An antivirus that holds a new file has let go of it by then. */
const PATIENCE_MS = SECOND
const AGAIN_MS = 250

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

  /** A step is done again, not both: what is written anew, an antivirus looks at anew. */
  async function patiently(step: () => Promise<void>): Promise<void> {
    const endMs = clock.elapsed() + PATIENCE_MS
    for (;;) {
      try {
        return await step()
      } catch (error) {
        const mayPass = isHeld(error) || (known === null && !isAbsent(codeOf(error)))
        if (!mayPass || clock.elapsed() >= endMs || signal.aborted) throw error
        await pause(clock, AGAIN_MS, signal)
      }
    }
  }

  async function probe(): Promise<string | null> {
    try {
      await patiently(() => files.writeDurably(path, new TextEncoder().encode('1')))
      isLeft = true
      await patiently(() => files.remove(path))
      isLeft = false
      return null
    } catch (error) {
      const code = codeOf(error) ?? 'UNKNOWN'
      // Whether the folder is there at all is told by whoever looks for amount.json.
      return isAbsent(code) ? null : code
    }
  }

  while (!signal.aborted) {
    const problem = await probe()
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

const isAbsent = (code: string | undefined): boolean => code === 'ENOENT' || code === 'ENOTDIR'
