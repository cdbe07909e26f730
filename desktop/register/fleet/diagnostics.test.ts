import { expect, test } from 'vitest'
import type { ParkedOperation, Snapshot } from '../../../shared/bridge.ts'
import { openJournal } from '../outbox/open.ts'
import { createOutbox } from '../outbox/outbox.ts'
import { systemClock } from '../time/clock.ts'
import { createCloudTime } from '../time/cloudTime.ts'
import { diagnosticsOf } from './diagnostics.ts'

const parked: ParkedOperation = {
  id: '019afb11-0000-7000-8000-000000000001',
  kind: 'earn',
  at: 0,
  card: '654321',
  firstName: 'Анна',
  purchaseKopecks: 100_000,
  points: null,
  code: 'customer_not_found',
  message: 'No customer has this card.',
  details: { card: '654321', requested: 7 },
}

test('no name, no whole card and no token is in the diagnostics, and thousands of parked operations are not either', () => {
  const { journal } = openJournal(':memory:', 0)
  const outbox = createOutbox(journal, {
    clock: systemClock,
    time: createCloudTime(systemClock),
    isAttended: () => false,
  })
  const { details, code, message: _, ...waiting } = parked
  const act = { type: 'error', kind: 'earn', operationId: parked.id, code, details, fate: 'untouched' }
  const snapshot = {
    customer: { card: '654321', firstName: 'Анна' },
    search: { code: '654321' },
    notFound: { code: '654321' },
    joined: [{ card: '654321', firstName: 'Анна' }],
    merge: { state: 'refused', card: '654321', otherCard: '654321', details: { card: '654321' } },
    voucher: { state: 'bad', code: 'KAWA7P2Q', reason: 'unknown' },
    act,
    display: { state: 'shown', links: ['http://10.0.0.5:8095/#a-token-of-the-display'] },
    recent: [],
    waiting: [waiting],
    handedOver: [parked],
    parked: Array.from({ length: 5000 }, () => parked),
  } as unknown as Snapshot
  const diagnostics = diagnosticsOf({ snapshot, outbox, errors: [] })
  outbox.close()
  expect(diagnostics.parkedInAll).toBe(5000)
  expect(diagnostics.parked[0]).toMatchObject({ card: '…21', details: { requested: 7 } })
  const text = JSON.stringify(diagnostics)
  expect(text.length).toBeLessThan(50_000)
  expect(text).not.toContain('Анна')
  expect(text).not.toContain('654321')
  expect(text).not.toContain('KAWA7P2Q')
  expect(diagnostics).toMatchObject({ joined: 1, merge: 'refused', voucher: 'bad' })
  expect(text).toContain('"display":{"state":"shown"}')
  expect(text).not.toContain('a-token-of-the-display')
})
