import { pause, systemClock } from '../../desktop/register/time/clock.ts'
import type { CommandInput, CommandName, CommandReply, Snapshot } from '../../shared/bridge.ts'

const WITHIN_MS = 120_000

/** The screen of an installed kiosk, as shell.ts offers it. */
export function kioskAt(port: number) {
  async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const reply = await fetch(`http://127.0.0.1:${port}/${path}`, init)
    if (!reply.ok) throw new Error(await reply.text())
    return await reply.json()
  }
  const snapshot = async () => (await ask('snapshot')) as Snapshot
  return {
    snapshot,
    call: async <K extends CommandName>(name: K, input: CommandInput<K>) =>
      (await ask(name, { method: 'POST', body: JSON.stringify(input) })) as CommandReply<K>,
    /** Asks until it shows that; while it is not there, or is just starting, it shows nothing. */
    async until(what: string, isSo: (shown: Snapshot) => boolean): Promise<Snapshot> {
      const endMs = systemClock.elapsed() + WITHIN_MS
      for (;;) {
        const shown = await snapshot().catch((error) => String(error))
        if (typeof shown !== 'string' && isSo(shown)) return shown
        if (systemClock.elapsed() > endMs)
          throw new Error(
            `not within two minutes: ${what}; the kiosk shows ${JSON.stringify(shown).slice(0, 3000)}`,
          )
        await pause(systemClock, 50)
      }
    },
  }
}
