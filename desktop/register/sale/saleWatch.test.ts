import { expect, it } from 'vitest'
import type { AmountReading } from '../exchange/sale.ts'
import type { Log } from '../machine/log.ts'
import { type Event, emptySession, type Session } from '../session/state.ts'
import { createSaleWatch } from './saleWatch.ts'

const reading = (version: string): AmountReading => ({
  amount: { purchaseKopecks: 100_000, receipt: '1', protocol: 1 },
  ...{ fingerprint: 'same', version },
})

it('is the same sale when its file could not be read for a while: what keeps it from earning twice knows it again', () => {
  let session: Session = emptySession
  function dispatch(event: Event) {
    if (event.type === 'sale') session = { ...session, sale: event.sale }
    if (event.type === 'sale_gone') session = { ...session, sale: null }
    return null
  }
  const sales = createSaleWatch({
    session: { get: () => session, dispatch },
    lists: { isFinished: () => false, renameSale() {} },
    log: {} as Log,
  })
  sales.read(reading('1'))
  const before = session.sale
  sales.read(null)
  expect(session.sale).toBeNull()
  sales.read(reading('1'))
  expect(session.sale).toEqual(before)
  sales.read(null)
  sales.read(reading('2'))
  expect(session.sale?.id).not.toBe(before?.id)
})
