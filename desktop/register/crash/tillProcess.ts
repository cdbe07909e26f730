import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Snapshot } from '../../../shared/bridge.ts'
import type { TillCommand } from './till.ts'

export type TillProcess = ReturnType<typeof startTill>

type Child = ChildProcessByStdio<Writable, Readable, Readable | null>

const TILL = new URL('till.ts', import.meta.url)
/** On Windows every signal ends a process at once. */
export const SIGNALS_ASK = process.platform !== 'win32'
const STOP = 'stop'
export const REGISTER = new URL('../main.ts', import.meta.url)

/**
 * A register as a process of its own: one with a cashier, or the program as it is installed. With a limit no file
 * of it gets larger than so many KiB: then its disk is full.
 */
export function startTill(
  options: Record<string, string>,
  program: URL = TILL,
  { largestFileKib, stderr = 'pipe' }: { largestFileKib?: number; stderr?: 'pipe' | number } = {},
) {
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const command = [process.execPath, fileURLToPath(program), '--log-level=error', ...args]
  // A shell counts in halves of a KiB.
  const limited = ['sh', '-c', 'ulimit -f "$0" && exec "$@"', String((largestFileKib ?? 0) * 2), ...command]
  const [file = '', ...rest] = largestFileKib === undefined ? command : limited
  const child = spawn(file, rest, { stdio: ['pipe', 'pipe', stderr] }) as Child
  const exited: Promise<unknown[]> = once(child, 'exit')
  let complaint = ''
  child.stderr?.on('data', (chunk) => {
    complaint += chunk
  })
  // A command that a killed process has not read is lost with it.
  child.stdin.on('error', () => {})
  const gone = exited.then(([code]) => ({ code, complaint }))
  let shown: Snapshot | null = null
  const looks = new Set<() => void>()
  const ready = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) shown = JSON.parse(line)
    ready.resolve()
    for (const look of looks) look()
  })

  return {
    /** From now on it ends well when it is told to. */
    isReady: ready.promise,

    tell(command: TillCommand): void {
      child.stdin.write(`${JSON.stringify(command)}\n`)
    },

    /** Resolves with what the screen shows then; rejects when the process ends instead. */
    async shows(isSo: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
      const { promise, resolve } = Promise.withResolvers<Snapshot>()
      const look = () => {
        if (shown && isSo(shown)) resolve(shown)
      }
      looks.add(look)
      look()
      const ended = exited.then(([code]) => Promise.reject(new Error(`ended with ${code}: ${complaint}`)))
      return await Promise.race([promise, ended]).finally(() => looks.delete(look))
    },

    pid: child.pid,

    /** Resolves when it is gone by itself. */
    ended: gone,

    /** Resolves with the exit code once the process is gone. */
    async end(signal: NodeJS.Signals): Promise<{ code: unknown; complaint: string }> {
      if (signal === 'SIGTERM' && !SIGNALS_ASK && program === TILL) child.stdin.write(`${STOP}\n`)
      else child.kill(signal)
      return await gone
    },
  }
}
