import type { AmountReading } from '../exchange/sale.ts'
import { nextSale } from '../exchange/saleIdentity.ts'
import type { Event, OpenSale, Session } from '../session/state.ts'

export interface SaleWatchOptions {
  session: () => Session
  dispatch: (event: Event) => void
  /** Whether points have moved, or are about to, for the sale of this key. */
  isFinished: (key: string) => boolean
  /** The journal knows the sale by its new key from now on. */
  rename: (from: string, to: string) => void
}

/** Turns what amount.json says into sales: which of them is new, and which was finished before. */
export function createSaleWatch(options: SaleWatchOptions) {
  const { session, dispatch, rename } = options
  let current: AmountReading | null = null
  let sales = 0

  /** What is still under way is not finished, whatever the journal has of it. */
  function isFinished(key: string): boolean {
    const { act, sale } = session()
    return !(act?.type === 'processing' && sale?.key === key) && options.isFinished(key)
  }

  function open(reading: AmountReading): void {
    sales += 1
    const sale: OpenSale = { ...reading.amount, id: sales, source: '1c', key: keyOf(reading) }
    dispatch({ type: 'sale', sale })
  }

  return {
    read(reading: AmountReading | null): void {
      const before = current
      current = reading
      if (!reading) {
        dispatch({ type: 'sale_gone' })
        return
      }
      const key = keyOf(reading)
      if (before && nextSale({ ...before, isFinished: isFinished(keyOf(before)) }, reading) === 'same') {
        if (before.version === reading.version) return
        rename(keyOf(before), key)
        dispatch({ type: 'sale_rewritten', key })
      } else if (isFinished(key)) {
        // After a start, the sale that lies there may be one that was finished before.
        dispatch({ type: 'sale_gone' })
      } else {
        open(reading)
      }
    },

    /**
     * A sale whose operation was undone, refused or taken back is open again, if it still lies there; one
     * whose discount turns out to be taken is not.
     */
    reconsider(): void {
      const { act, sale } = session()
      if (!current || act?.type === 'processing') return
      const isDone = isFinished(keyOf(current))
      if (!sale && !isDone) open(current)
      if (sale?.source === '1c' && isDone) dispatch({ type: 'sale_gone' })
    },
  }
}

const keyOf = ({ fingerprint, version }: AmountReading) => `${version}-${fingerprint}`
