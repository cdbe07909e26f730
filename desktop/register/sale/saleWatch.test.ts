import { expect, it } from 'vitest'
import type { AmountReading } from '../exchange/sale.ts'
import type { Log } from '../machine/log.ts'
import { type Event, emptySession, type Session } from '../session/state.ts'
import { createSaleWatch, type SaleWatchOptions } from './saleWatch.ts'

const reading = (version: string): AmountReading => ({
  amount: { purchaseKopecks: 100_000, receipt: '1', protocol: 1 },
  ...{ fingerprint: 'same', version, writtenAt: 0 },
})

function open(lists: Partial<SaleWatchOptions['lists']> = {}, world = { is1cHeard: true }) {
  let session: Session = emptySession
  function dispatch(event: Event) {
    if (event.type === 'sale') session = { ...session, sale: event.sale }
    if (event.type === 'sale_gone') session = { ...session, sale: null }
    return null
  }
  const get = () => session
  const sales = createSaleWatch({
    session: { get, dispatch },
    lists: { isFinished: () => false, renameSale() {}, claimTyped() {}, ...lists },
    world: () => world,
    log: {} as Log,
  })
  return { sales, get }
}

it('is the same sale when its file could not be read for a while: what keeps it from earning twice knows it again', () => {
  const { sales, get } = open()
  sales.read(reading('1'))
  const before = get().sale
  sales.read(null)
  expect(get().sale).toBeNull()
  sales.read(reading('1'))
  expect(get().sale).toEqual(before)
  sales.read(null)
  sales.read(reading('2'))
  expect(get().sale?.id).not.toBe(before?.id)
})

it('is told again after the journal could not take it in', () => {
  let isFailing = true
  const renamed: string[] = []
  const { sales, get } = open({
    renameSale(_from, to) {
      if (isFailing) throw new Error('the disk is full')
      renamed.push(to)
    },
  })
  sales.read(reading('1'))
  expect(() => sales.read(reading('2'))).toThrow('full')
  isFailing = false
  sales.read(reading('2'))
  expect(renamed).toEqual(['2-same'])
  expect(get().sale).toMatchObject({ purchaseKopecks: 100_000 })
})

it('may have been typed where it lay there when 1C was heard again, and by its number where it came after that', () => {
  const claimed: [string, boolean][] = []
  const world = { is1cHeard: true }
  const { sales } = open({ claimTyped: ({ key, wasLying }) => claimed.push([key, wasLying]) }, world)
  const after = (...told: (string | null)[]) => {
    claimed.length = 0
    for (const version of told) sales.read(version === null ? null : reading(version))
    return claimed
  }
  const unheard = (work: () => void) => {
    world.is1cHeard = false
    sales.exchangeChanged()
    work()
    world.is1cHeard = true
    sales.exchangeChanged()
  }
  expect(after('1', null, '2')).toEqual([['1-same', true]])
  unheard(() => after(null))
  expect(after('2')).toEqual([['2-same', true]])
  unheard(() => after(null))
  expect(after(null, '3')).toEqual([['3-same', false]])
  expect(after(null, '4')).toEqual([])
  after(null)
  unheard(() => {})
  expect(after('5')).toEqual([['5-same', true]])
})
