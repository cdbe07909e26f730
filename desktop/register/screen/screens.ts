import type { Snapshot } from '../../../shared/bridge.ts'
import type { Log } from '../machine/log.ts'

type Listener = (snapshot: Snapshot) => void

/** Tells all screens of changes: once a turn of the event loop, however many there were. */
export function createScreens({ snapshot, log }: { snapshot: () => Snapshot; log: Log }) {
  const listeners = new Set<Listener>()
  let isPushDue = false
  let isClosed = false

  function push(): void {
    isPushDue = false
    if (isClosed || listeners.size === 0) return
    const now = snapshot()
    for (const listener of listeners) tellOne(listener, now)
  }

  function tellOne(listener: Listener, now: Snapshot): void {
    try {
      listener(now)
    } catch (error) {
      log.error({ err: error }, 'a screen could not be told of a change')
    }
  }

  return {
    changed(): void {
      if (!isPushDue) queueMicrotask(push)
      isPushDue = true
    },
    subscribe(listener: Listener): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** No screen is told of anything any more. */
    close(): void {
      isClosed = true
    },
  }
}
