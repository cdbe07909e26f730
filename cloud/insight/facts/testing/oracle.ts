import type { Accepted } from '../../../../shared/operation.ts'
import type { Instant } from '../../../../shared/time.ts'
import type { Request } from '../../../ledger/request.ts'
import type { CustomerFacts } from '../read.ts'

/** An operation that the ledger accepted, and what it answered. */
export interface Happened {
  request: Request
  outcome: Accepted
}

interface Sale {
  at: Instant
  storeId: number
  paidKopecks: number
  refundedKopecks: number
  isReturned: boolean
  isDone: boolean
}

/** The definition of the facts once more, counted up from what the tills asked and heard, with none of its SQL. */
export function createOracle(timeZone: string) {
  const happened: Happened[] = []
  const monthOf = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit' })

  function factsOf(card: string): Omit<CustomerFacts, 'pointsExpired' | 'asOf'> {
    const own = happened.filter(({ outcome }) => outcome.customer.card === card)
    const sales = salesAmong(own)
    const times = sales.map(({ at }) => at)
    const months = Map.groupBy(sales, ({ at }) => monthOf.format(at))
    const netKopecks = netOf(sales)
    return {
      purchases: sales.length,
      netKopecks,
      averageReceiptKopecks: sales.length > 0 ? Math.round(netKopecks / sales.length) : null,
      firstPurchaseAt: sales.length > 0 ? Math.min(...times) : null,
      lastPurchaseAt: sales.length > 0 ? Math.max(...times) : null,
      homeStoreId: homeOf(sales),
      pointsEarned: own.reduce((total, { outcome }) => total + outcome.earned, 0),
      pointsSpent: own.reduce((total, { outcome }) => total + outcome.spent, 0),
      months: [...months]
        .map(([month, sales]) => ({ month, purchases: sales.length, netKopecks: netOf(sales) }))
        .sort((a, b) => (a.month < b.month ? -1 : 1)),
    }
  }

  return { note: (more: Happened[]) => void happened.push(...more), factsOf }
}

function salesAmong(happened: Happened[]): Sale[] {
  const sales = new Map<string, Sale>()
  for (const { request } of happened) {
    const { at, author } = request
    const storeId = author.type === 'register' ? author.storeId : 0
    if (request.kind === 'earn' || request.kind === 'redeem') {
      const discountKopecks = request.kind === 'redeem' ? request.points * 100 : 0
      const paidKopecks = request.purchaseKopecks - discountKopecks
      const isDone = request.kind === 'earn'
      sales.set(request.id, { at, storeId, paidKopecks, refundedKopecks: 0, isReturned: false, isDone })
    }
    if (request.kind === 'apply') {
      const sale = sales.get(request.redeemId)
      if (!sale) throw new Error('what is applied was redeemed')
      sale.isDone = true
      sales.set(request.id, sale)
    }
    if (request.kind === 'refund') {
      const sale = sales.get(request.originalId)
      if (!sale) throw new Error('what is refunded was sold')
      sale.refundedKopecks += request.refundKopecks ?? sale.paidKopecks - sale.refundedKopecks
      sale.isReturned = sale.refundedKopecks === sale.paidKopecks
    }
  }
  return [...new Set(sales.values())].filter(({ isDone, isReturned }) => isDone && !isReturned)
}

const netOf = (sales: Sale[]) =>
  sales.reduce((total, { paidKopecks, refundedKopecks }) => total + paidKopecks - refundedKopecks, 0)

function homeOf(sales: Sale[]): number | null {
  const stores = [...Map.groupBy(sales, ({ storeId }) => storeId)].map(([storeId, sales]) => ({
    storeId,
    count: sales.length,
    latest: Math.max(...sales.map(({ at }) => at)),
  }))
  stores.sort((a, b) => b.count - a.count || b.latest - a.latest || a.storeId - b.storeId)
  return stores[0]?.storeId ?? null
}
