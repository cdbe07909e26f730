import { failure, withFaults } from '../exchange/testing.ts'
import type { Files } from '../machine/files.ts'
import type { Register, RegisterOptions } from '../register.ts'
import type { Clock } from '../time/clock.ts'

/**
 * What a register lives on until it dies. Then no file and no request works any more and no wait lasts, so
 * that stopping it closes the journal and changes nothing else: what it leaves is what a crash leaves.
 */
export function createLife({
  files,
  clock,
  fetch,
}: {
  files: Files
  clock: Clock
  fetch: typeof globalThis.fetch
}) {
  let isDead = false
  const live = () => {
    if (isDead) throw failure('EIO')
  }
  const names = [
    'stat',
    'read',
    'list',
    'writeDurably',
    'rename',
    'openAlone',
    'remove',
    'makeFolder',
  ] as const
  const options: Pick<RegisterOptions, 'files' | 'clock' | 'fetch'> = {
    files: withFaults(files, Object.fromEntries(names.map((name) => [name, live]))),
    clock: { ...clock, after: (ms, call) => clock.after(isDead ? 0 : ms, call) },
    fetch: async (input, init) => {
      live()
      return await fetch(input, init)
    },
  }
  return {
    options,
    async die(register: Register): Promise<void> {
      isDead = true
      await register.stop()
    },
  }
}
