import type { Snapshot } from '../../../shared/bridge.ts'
import type { Log } from '../machine/log.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { openLists } from '../outbox/recent.ts'

const RECENT_SHOWN = 20
const WAITING_SHOWN = 50
const HANDED_OVER_SHOWN = 20

export interface JournalView {
  lists: Pick<Snapshot, 'recent' | 'waiting' | 'parked' | 'handedOver'>
  depth: ReturnType<Outbox['depth']>
}

/** The lists of the journal for the screen. Where it cannot be read just now, they are the ones that were read last. */
export function createJournalView({
  lists,
  outbox,
  log,
}: {
  lists: Pick<ReturnType<typeof openLists>, keyof JournalView['lists'] | 'isUnsettled'>
  outbox: Pick<Outbox, 'depth'>
  log: Log
}) {
  let view: JournalView = {
    lists: { recent: [], waiting: [], parked: [], handedOver: [] },
    depth: { queued: 0, oldestAt: null, parked: 0 },
  }
  let isStale = true
  let isReadable = true
  let isClosed = false

  function read(): void {
    if (!isStale) return
    view = { lists: readLists(), depth: outbox.depth() }
    isStale = false
  }

  function readLists(): JournalView['lists'] {
    return {
      recent: lists.recent(RECENT_SHOWN),
      waiting: lists.waiting(WAITING_SHOWN),
      parked: lists.parked(),
      handedOver: lists.handedOver(HANDED_OVER_SHOWN),
    }
  }

  return {
    current(): JournalView {
      if (isClosed) return view
      try {
        read()
        isReadable = true
      } catch (error) {
        if (isReadable) log.error({ err: error }, 'the journal cannot be read for the screen')
        isReadable = false
      }
      return view
    },
    /** Whether it is not known if 1C has the discount of this sale; also where the journal cannot be read. */
    isUnsettled(sale: string): boolean {
      try {
        return !isClosed && lists.isUnsettled(sale)
      } catch {
        return true
      }
    },
    /** The journal is read again for the next snapshot. */
    changed(): void {
      isStale = true
    },
    /** The journal is not read any more. */
    close(): void {
      isClosed = true
    },
  }
}
