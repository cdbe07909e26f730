import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

export interface CloudProcess {
  url: string
  process: ChildProcess
  /** Rejects, with what the process said last, when it ends without having been stopped. */
  crashed: Promise<never>
  /** Resolves with the exit code once the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** For a program that must not hear of our settings: where programs lie, and what Node has compiled of ours before. */
export const bareEnvironment = (): NodeJS.ProcessEnv => {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  return { PATH, ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }) }
}

/** `npm run cloud` as a process of its own, on a free port; resolves when it has printed its address. */
export async function startCloudProcess(env: Record<string, string>): Promise<CloudProcess> {
  // A list of its own, where the folder of data is not its own.
  const erasuresFile = join(tmpdir(), `kopilka-erasures-${randomUUID()}.jsonl`)
  const child = spawn(process.execPath, ['cloud/main.ts'], {
    cwd: new URL('../..', import.meta.url),
    env: {
      ...process.env,
      PORT: '0',
      LOG_LEVEL: 'error',
      ...(!env.KOPILKA_DATA && { ERASURES_FILE: erasuresFile }),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Not its exit: what it said last may still be on its way then.
  const exited = once(child, 'close')
  exited.then(() => rm(erasuresFile, { force: true }))
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const printed = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^CLOUD (\S+)$/.exec(line)?.[1]
      if (url) return url
    }
    return null
  })()
  const url = await Promise.race([printed, exited.then(() => null)])
  if (!url) {
    const [code] = await exited
    throw new Error(`the cloud ended with ${code}: ${complaint}`)
  }
  child.stdout.resume()
  let stopping = false
  const crashed = new Promise<never>((_, reject) => {
    exited.then(([code]) => stopping || reject(new Error(`the cloud crashed with ${code}: ${complaint}`)))
  })
  crashed.catch(() => {}) // heard by those who race it
  return {
    url,
    process: child,
    crashed,
    async stop(signal = 'SIGTERM') {
      stopping = true
      child.kill(signal)
      const [code] = await exited
      return code
    },
  }
}

/** Sends operations until the cloud answers them, as a register does: the same ids, over and over. */
export async function sendUntilAnswered(url: () => string, key: string, operations: unknown[]) {
  for (;;) {
    const reply = await fetch(`${url()}/v1/operations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ operations }),
      signal: AbortSignal.timeout(30_000),
    }).catch(() => null)
    if (reply && reply.status < 500)
      return (await reply.json()) as { outcomes: { status: string; replay: boolean }[] }
    await pause(20) // else the senders take the machine from the server that is just starting again
  }
}
