import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { YearWanted } from './yearWorker.ts'

/**
 * Writes the demo's year beside everything else: it takes seconds, and nobody who wants to see a sale waits for them. Stopped
 * before its end it leaves nothing, and the next start begins anew.
 */
export function writeYear(wanted: YearWanted) {
  const worker = new Worker(new URL('yearWorker.ts', import.meta.url), { workerData: wanted })
  const ended = once(worker, 'exit')
  const told = new Promise<number | null>((resolve) => {
    worker.once('message', (operations: number) => resolve(operations))
    worker.once('error', (error) => {
      console.error(`The demo's year was not written: ${error.message}`)
      resolve(null)
    })
    ended.then(() => resolve(null))
  })
  return {
    /** How many operations it has, 0 where it was there; null where it was not written. */
    told,
    async close() {
      await worker.terminate()
      await ended
    },
  }
}
