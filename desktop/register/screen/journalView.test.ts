import { expect, it } from 'vitest'
import { createTestLog } from '../sync/testing.ts'
import { createJournalView } from './journalView.ts'

it('takes a sale for unsettled while the journal cannot be read, and asks no journal that is closed', () => {
  let asked = 0
  const view = createJournalView({
    lists: {
      ...{ recent: () => [], waiting: () => [], parked: () => [], handedOver: () => [] },
      isUnsettled() {
        asked += 1
        throw new Error('SQLITE_IOERR')
      },
    },
    outbox: { depth: () => ({ queued: 0, oldestAt: null, parked: 0 }) },
    log: createTestLog().log,
  })
  expect(view.isUnsettled('sale')).toBe(true)
  view.close()
  expect(view.isUnsettled('sale')).toBe(false)
  expect(asked).toBe(1)
})
