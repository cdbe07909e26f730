import type { AmountReading, ItemsProblem } from '../exchange/sale.ts'
import type { Log } from '../machine/log.ts'
import type { createNotices } from '../screen/notices.ts'

interface Setting {
  notices: Pick<ReturnType<typeof createNotices>, 'set'>
  log: Log
}

/**
 * Lines of a receipt that cannot be used stop no sale: each is logged, and the screen says so until lines can be used
 * again.
 */
export function createItemsHint({ notices, log }: Setting) {
  let shown: ItemsProblem | null = null
  return (reading: AmountReading | null): void => {
    if (reading === null) return
    const { items, itemsProblem: problem = null, purchaseKopecks, receipt } = reading.amount
    if (problem !== null)
      log.warn({ problem, purchaseKopecks, receipt }, 'the items of amount.json are ignored')
    // A receipt without lines does not tell whether lines can be used.
    if (problem === shown || (problem === null && items === undefined)) return
    shown = problem
    notices.set('items_ignored', problem)
  }
}
