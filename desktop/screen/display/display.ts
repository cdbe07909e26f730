import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { RegisterApi, Snapshot } from '../../../shared/bridge.ts'
import type { DisplayState, DisplayWish } from '../../../shared/display.ts'
import { codeOf, replaceFile, systemFiles } from '../../register/machine/files.ts'
import type { Log } from '../../register/machine/log.ts'
import type { DisplayLink } from '../../register/screen/display.ts'
import { createTurns } from '../../register/time/turns.ts'
import { type DisplayServer, serveDisplay } from './serve.ts'

interface CreateDisplayOptions {
  dataFolder: string
  /** The built page. */
  folder: string
  log: Log
}

export type CustomerDisplay = ReturnType<typeof createDisplay>

/** Shows the customer their side of the till where the settings say so; a till that cannot show it sells all the same. */
export function createDisplay({ dataFolder, folder, log }: CreateDisplayOptions) {
  const listeners = new Set<() => void>()
  const turns = createTurns()
  let state: DisplayState = { state: 'off' }
  let server: DisplayServer | null = null
  let monitorUrl: string | null = null
  let unsubscribe = () => {}

  function become(next: DisplayState): void {
    state = next
    for (const listener of listeners) listener()
  }

  async function end(): Promise<void> {
    const ended = server
    server = null
    monitorUrl = null
    await ended?.close()
  }

  async function show(
    wish: DisplayWish,
    register: Pick<RegisterApi, 'snapshot' | 'subscribe'>,
  ): Promise<void> {
    await end()
    if (wish === 'off') return become({ state: 'off' })
    try {
      const token = await ownToken(join(dataFolder, 'display-token'))
      const isForMonitor = wish === 'monitor'
      server = await serveDisplay({ register, port: isForMonitor ? null : wish, folder, token, log })
      if (isForMonitor) monitorUrl = server.url
      become({ state: 'shown', links: isForMonitor ? [server.url] : server.networkUrls })
    } catch (error) {
      log.error({ err: error, display: wish }, 'the customer is shown nothing')
      become({ state: 'failed', problem: codeOf(error) ?? 'failed' })
    }
  }

  return {
    state: () => state,
    /** For a monitor of this machine; null where nothing is to be shown there. */
    monitorUrl: () => monitorUrl,
    subscribe(listener: () => void): void {
      listeners.add(listener)
    },
    /** Resolves when it is shown, or it is known why it cannot be. */
    async begin(register: Pick<RegisterApi, 'snapshot' | 'subscribe'>): Promise<void> {
      let wished: DisplayWish = 'off'
      function hear({ settings }: Pick<Snapshot, 'settings'>): void {
        if (settings.display === wished) return
        wished = settings.display
        const wish = wished
        void turns.take(() => show(wish, register))
      }
      hear(register.snapshot())
      unsubscribe = register.subscribe(hear)
      await turns.done()
    },
    async close(): Promise<void> {
      unsubscribe()
      await turns.take(end)
    },
  } satisfies DisplayLink & Record<string, unknown>
}

const TOKEN = /^[\w-]{32}$/

/** The link of a tablet is good until its file is removed. */
async function ownToken(path: string): Promise<string> {
  const kept = await systemFiles.read(path, 100).catch((error) => {
    if (codeOf(error) !== 'ENOENT') throw error
    return new Uint8Array()
  })
  const text = new TextDecoder().decode(kept)
  if (TOKEN.test(text)) return text
  const made = randomBytes(24).toString('base64url')
  await replaceFile(systemFiles, path, made)
  return made
}
