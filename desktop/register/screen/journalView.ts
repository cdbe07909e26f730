import type { Snapshot } from '../../../shared/bridge.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { openLists } from '../outbox/recent.ts'

const RECENT_SHOWN = 20

export interface JournalView extends Pick<Snapshot, 'recent' | 'parked'> {
  depth: ReturnType<Outbox['depth']>
}

/** What a screen shows of the journal. Where it cannot be read just now, that is what was read last. */
export function createJournalView({
  lists,
  outbox,
  log,
}: {
  lists: Pick<ReturnType<typeof openLists>, 'recent' | 'parked'>
  outbox: Pick<Outbox, 'depth'>
  log: Log
}) {
  let view: JournalView = { recent: [], parked: [], depth: { queued: 0, oldestAt: null, parked: 0 } }
  const is = { stale: true, readable: true, closed: false }

  function read(): JournalView {
    const { recent, parked } = is.stale
      ? { recent: lists.recent(RECENT_SHOWN), parked: lists.parked() }
      : view
    return { recent, parked, depth: outbox.depth() }
  }

  return {
    current(): JournalView {
      if (is.closed) return view
      try {
        view = read()
        Object.assign(is, { stale: false, readable: true })
      } catch (error) {
        if (is.readable) log.error({ err: error }, 'the journal cannot be read for the screen')
        is.readable = false
      }
      return view
    },
    /** The lists are read again for the next snapshot. */
    changed(): void {
      is.stale = true
    },
    /** The journal is not read any more. */
    close(): void {
      is.closed = true
    },
  }
}
