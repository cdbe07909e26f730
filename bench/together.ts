import { once } from 'node:events'

/** Waits until the other bench that `compare.ts` runs is as far as this one; does not wait where there is none. */
export async function together(): Promise<void> {
  if (!process.send) return
  const begins = once(process, 'message')
  process.send('ready')
  await begins
}
