import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const DYING_MS = 150

export type Program = Awaited<ReturnType<typeof startProgram>>

interface Start {
  script: string
  args?: string[]
  env?: Record<string, string>
  /** Finds its address in a line that it prints. */
  address: RegExp
}

/** One of our programs as a process of its own, once it has printed its address. */
export async function startProgram({ script, args = [], env = {}, address }: Start) {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', script), ...args], {
    cwd: join(import.meta.dirname, '..'),
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-200_000)
  })
  let isEnded = false
  const ended = once(child, 'close').then(() => {
    isEnded = true
  })
  const printed = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = address.exec(line)?.[1]
      if (url) return new URL(url)
    }
    return null
  })()
  const url = await Promise.race([printed, ended.then(() => null)])
  if (!url) throw new Error(`${script} did not start: ${said}`)
  child.stdout.resume()
  return {
    url,
    port: Number(url.port),
    /** Whether it ends now: a connection that broke is the first that one hears of it. */
    async isEnding(): Promise<boolean> {
      await Promise.race([ended, pause(DYING_MS)])
      return isEnded
    },
    /** What it wrote to its log since somebody last asked. */
    takeSaid(): string {
      const taken = said
      said = ''
      return taken
    },
    hasSaid: () => said !== '',
    async stop(): Promise<void> {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000)
      await ended
      clearTimeout(timer)
    },
  }
}
