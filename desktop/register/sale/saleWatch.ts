import type { AmountReading } from '../exchange/sale.ts'
import { nextSale } from '../exchange/saleIdentity.ts'
import type { Log } from '../machine/log.ts'
import type { openLists } from '../outbox/recent.ts'
import type { OpenSale } from '../session/state.ts'
import type { SessionStore } from '../session/store.ts'
import type { World } from '../session/world.ts'

export interface SaleWatchOptions {
  session: Pick<SessionStore, 'get' | 'dispatch'>
  /** The sales that the journal has as finished, by key. */
  lists: Pick<ReturnType<typeof openLists>, 'isFinished' | 'renameSale' | 'claimTyped'>
  world: () => Pick<World, 'is1cHeard'>
  log: Log
}

/** Turns readings of amount.json into sales, and tells a new sale from one that was finished before. */
export function createSaleWatch(options: SaleWatchOptions) {
  const { lists, world, log } = options
  const { get, dispatch } = options.session
  let current: AmountReading | null = null
  let latest = { id: 0, key: '' }
  /** 1C was not heard for a while since the last reading, so the sale it has open now may have been typed by hand. */
  let wasUnheard = true
  /** Nothing lay there when 1C was heard again: whatever the clocks say, what it writes now was not there to be typed. */
  let wasEmpty = false

  /** A sale whose act is still under way is not finished, whatever the journal has of it. */
  function isFinished(key: string): boolean {
    const { act, sale } = get()
    return !(act?.type === 'processing' && sale?.key === key) && lists.isFinished(key)
  }

  function claimTyped(reading: AmountReading): void {
    const { purchaseKopecks, receipt } = reading.amount
    const { writtenAt } = reading
    lists.claimTyped({ key: keyOf(reading), purchaseKopecks, receipt, writtenAt, wasLying: !wasEmpty })
  }

  function open(reading: AmountReading): void {
    const key = keyOf(reading)
    // The same reading again, as after an alert, is the same sale.
    if (key !== latest.key) latest = { id: latest.id + 1, key }
    const { itemsProblem: _, ...amount } = reading.amount
    const sale: OpenSale = { ...amount, ...latest, source: '1c' }
    dispatch({ type: 'sale', sale })
  }

  function reconsider(): void {
    const { act, sale } = get()
    if (!current || act?.type === 'processing') return
    const isDone = isFinished(keyOf(current))
    if (!sale && !isDone) open(current)
    if (sale?.source === '1c' && isDone) dispatch({ type: 'sale_gone' })
  }

  function take(reading: AmountReading | null, before: AmountReading | null): void {
    if (!reading) {
      wasEmpty = world().is1cHeard
      dispatch({ type: 'sale_gone' })
      return
    }
    const key = keyOf(reading)
    if (wasUnheard) claimTyped(reading)
    wasUnheard = false
    if (before && nextSale({ ...before, isFinished: isFinished(keyOf(before)) }, reading) === 'same') {
      if (before.version === reading.version) return
      lists.renameSale(keyOf(before), key)
      if (latest.key === keyOf(before)) latest = { ...latest, key }
      dispatch({ type: 'sale_rewritten', key })
    } else if (isFinished(key)) {
      // After a start, the sale that lies there may be one that was finished before.
      dispatch({ type: 'sale_gone' })
    } else {
      open(reading)
    }
  }

  return {
    read(reading: AmountReading | null): void {
      const before = current
      current = reading
      try {
        take(reading, before)
      } catch (error) {
        // The reading comes again, and must count as new then.
        current = before
        throw error
      }
    },

    /** Its folder came or went, or its file. */
    exchangeChanged(): void {
      if (world().is1cHeard) return
      wasUnheard = true
      wasEmpty = false
    },

    /**
     * A sale whose operation was undone, refused or taken back is open again, if it still lies there; one
     * whose discount turns out to be taken is not.
     */
    reconsider(): void {
      try {
        reconsider()
      } catch (error) {
        // The caller has more to do, and the next change of the journal asks again.
        log.error({ err: error }, 'the journal does not say which sale is open')
      }
    },
  }
}

const keyOf = ({ fingerprint, version }: AmountReading) => `${version}-${fingerprint}`
