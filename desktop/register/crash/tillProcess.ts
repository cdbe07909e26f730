import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Snapshot } from '../../../shared/bridge.ts'
import type { TillCommand } from './till.ts'

export type TillProcess = ReturnType<typeof startTill>

const TILL = new URL('till.ts', import.meta.url)
export const REGISTER = new URL('../main.ts', import.meta.url)

/** A register as a process of its own: one with a cashier, or the program as it is installed. */
export function startTill(options: Record<string, string>, program: URL = TILL) {
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(process.execPath, [fileURLToPath(program), ...args, '--log-level=error'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited: Promise<unknown[]> = once(child, 'exit')
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  // A command that a killed process has not read is lost with it.
  child.stdin.on('error', () => {})
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

    /** Resolves when the screen shows it; rejects when the process ends instead. */
    async shows(isSo: (snapshot: Snapshot) => boolean): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => {
        if (shown && isSo(shown)) resolve()
      }
      looks.add(look)
      look()
      const ended = exited.then(([code]) => Promise.reject(new Error(`ended with ${code}: ${complaint}`)))
      await Promise.race([promise, ended]).finally(() => looks.delete(look))
    },

    /** Resolves with the exit code once the process is gone. */
    async end(signal: NodeJS.Signals): Promise<{ code: unknown; complaint: string }> {
      child.kill(signal)
      const [code] = await exited
      return { code, complaint }
    },
  }
}
