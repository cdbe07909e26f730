import { expect, it } from 'vitest'
import { openJournal } from '../outbox/open.ts'
import { createOutbox } from '../outbox/outbox.ts'
import type { OpenSale } from '../session/state.ts'
import { anna, world } from '../session/testing.ts'
import { systemClock } from '../time/clock.ts'
import { createCloudTime } from '../time/cloudTime.ts'
import { commit } from './commit.ts'

/** What the journal sends then. */
function committed(operationFields: string[], sale: Pick<OpenSale, 'source' | 'cashier' | 'items'> = typed) {
  const { journal } = openJournal(':memory:', 0)
  const time = createCloudTime(systemClock)
  const outbox = createOutbox(journal, { clock: systemClock, time, isAttended: () => false })
  commit(
    outbox,
    { ...world, operationFields },
    {
      type: 'commit_earn',
      id: 'op',
      sale: {
        id: 1,
        purchaseKopecks: 50_000,
        receipt: null,
        key: null,
        protocol: 1,
        ...sale,
      },
      customer: anna,
      confirmDuplicate: false,
    },
  )
  const content = journal.prepare<[], string>('select content from operations').pluck().get()
  outbox.close()
  return JSON.parse(content ?? '{}')
}

const typed = { source: 'typed' as const, cashier: 'Иванова' }
const plain = { card: '654321', purchaseKopecks: 50_000 }

it('says of an amount that it was typed, and by whom', () => {
  expect(committed(['cashier', 'typed'])).toEqual({ ...plain, typed: true, cashier: 'Иванова' })
})

it('says what is bought', () => {
  const items = [{ sku: '0042', quantity: 0.25, kopecks: 50_000 }]
  expect(committed(['items'], { source: '1c', items })).toEqual({ ...plain, items })
  expect(committed([], { source: '1c', items })).toEqual(plain)
})

it('says nothing of it to a cloud that would refuse the words', () => {
  expect(committed([])).toEqual(plain)
})
