import type { AmountReading, ItemsProblem } from '../exchange/sale.ts'
import type { Log } from '../machine/log.ts'
import type { createNotices } from '../screen/notices.ts'

interface Setting {
  notices: Pick<ReturnType<typeof createNotices>, 'set'>
  log: Log
}

/** The lines of a receipt that cannot be used stop no sale: the log has each, and the screen says it until one can be used. */
export function createItemsHint({ notices, log }: Setting) {
  let shown: ItemsProblem | null = null
  return (reading: AmountReading | null): void => {
    if (reading === null) return
    const { items, itemsProblem: problem = null, purchaseKopecks, receipt } = reading.amount
    if (problem !== null)
      log.warn({ problem, purchaseKopecks, receipt }, 'the items of amount.json are ignored')
    // A receipt without any says nothing about those that have them.
    if (problem === shown || (problem === null && items === undefined)) return
    shown = problem
    notices.set('items_ignored', problem)
  }
}
