import type { UpdateState } from '../../../shared/update.ts'
import type { Updates } from '../updates/updates.ts'

/** What keeps the program current, as a register sees it: it can be told what to say. */
export function createUpdatesStandIn() {
  const listeners = new Set<() => void>()
  const failed: ReturnType<Updates['failures']> = []
  let state: UpdateState = { state: 'none', version: null, percent: null, problem: null }
  const standIn = {
    asked: 0,
    failed,
    isFree: () => true,
    move(next: UpdateState) {
      state = next
      for (const listener of listeners) listener()
    },
    updates: {
      state: () => state,
      failures: () => failed,
      askNow(): 'busy' | null {
        if (!standIn.isFree()) return 'busy'
        standIn.asked += 1
        return null
      },
      subscribe: (listener) => void listeners.add(listener),
    } satisfies Updates,
  }
  return standIn
}
