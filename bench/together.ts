import { once } from 'node:events'

/** Waits until the bench that `compare.ts` runs beside this one is as far as this one; alone it waits for nobody. */
export async function together(): Promise<void> {
  if (!process.send) return
  const begins = once(process, 'message')
  process.send('ready')
  await begins
}
